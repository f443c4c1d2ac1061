import { type Envelope, facts, factSubject } from '@nalabo/contracts';
import { newSessionId, systemClock } from '@nalabo/kernel';
import { anActor, eventually } from '@nalabo/testing';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NatsLink } from '../connection/nats-link.js';
import { makeEnvelope } from '../message/make-envelope.js';
import { RealBus, startService } from '../real-bus.cases.js';
import { FactFeed } from './fact-feed.js';
import { FactPublisher } from './fact-publisher.js';

const fact = facts.sessionReady;
const bus = await RealBus.prepare();
let service: INestApplication;

/** Gives the id of the fact. Of one that the server was slow to confirm there are several hints. */
async function publish(sessionId: string = newSessionId()): Promise<string> {
  const envelope = makeEnvelope(fact, fact.example, { actor: anActor(), correlationId: 'c', sessionId }, systemClock);
  await service.get(FactPublisher).publish(factSubject(fact, sessionId), envelope, envelope.id);
  return envelope.id;
}

/** What a listener was told, and how to stop telling it. */
function listen(sessionId?: string): { hints: Envelope[]; stop: () => void } {
  const hints: Envelope[] = [];
  const selection = sessionId === undefined ? {} : { sessionId };
  return { hints, stop: service.get(FactFeed).subscribeFacts(selection, (hint) => void hints.push(hint)) };
}

beforeAll(async () => {
  await bus.start();
  service = await startService({ url: bus.url, service: 'gateway', controllers: [] });
  await eventually(() => expect(service.get(NatsLink).isConnected).toBe(true));
});
afterAll(async () => {
  await service.close();
  await bus.remove();
});

it('listens before there is a stream, and the first publication makes it', async () => {
  // With a plain listener the server does not say that no stream confirms: the publisher finds out by waiting.
  const { hints, stop } = listen();
  await publish();
  await eventually(() => expect(hints).toMatchObject([{ type: 'session.ready' }, { type: 'session.ready' }]));
  expect(hints[0]).toEqual(hints[1]);
  stop();
});

it('hints at the facts of one session until it is told to stop, also after a restart of NATS', async () => {
  const mine = newSessionId();
  const one = listen(mine);
  const all = listen();
  await publish();
  const before = await publish(mine);
  await eventually(() => expect(one.hints.at(-1)).toMatchObject({ id: before, type: 'session.ready' }));
  await bus.stop();
  await eventually(() => expect(service.get(NatsLink).isConnected).toBe(false));
  await bus.start();
  const after = await eventually(() => publish(mine));
  await eventually(() => expect(one.hints.at(-1)).toMatchObject({ id: after }));
  one.stop();
  const unheard = await publish(mine);
  await eventually(() => expect(all.hints.at(-1)).toMatchObject({ id: unheard }));
  expect(one.hints.at(-1)).toMatchObject({ id: after });
  expect(one.hints.filter(({ sessionId }) => sessionId !== mine)).toEqual([]);
  all.stop();
});

it('survives a listener that throws and a hint that is none', async () => {
  let calls = 0;
  const stop = service.get(FactFeed).subscribeFacts({ fact: 'ready' }, () => {
    calls += 1;
    throw new Error('the listener is broken');
  });
  service.get(NatsLink).current().publish(factSubject(fact, newSessionId()), 'nonsense');
  await publish();
  await publish();
  await eventually(() => expect(calls).toBe(2));
  stop();
});

it('hears of the facts that are named, and of no others', async () => {
  const hints: Envelope[] = [];
  const named = [facts.sessionReady.fact, facts.sessionExtended.fact];
  const stop = service.get(FactFeed).subscribeFacts({ fact: named }, (hint) => void hints.push(hint));
  const unnamed = service.get(FactFeed).subscribeFacts({ fact: [facts.sessionTerminated.fact] }, () => expect.fail());
  const sessionId = newSessionId();
  await publish(sessionId);
  await eventually(() => expect(hints).toMatchObject([{ type: fact.type, sessionId }]));
  stop();
  unnamed();
});
