import { deadLetterStream, type Envelope, facts, factStream, factSubject, type PayloadOf } from '@nalabo/contracts';
import { AppError, newSessionId, systemClock } from '@nalabo/kernel';
import { anActor, eventually } from '@nalabo/testing';
import { Controller, type INestApplication } from '@nestjs/common';
import { jetstream, jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectionOptions } from '../connection/connection-options.js';
import { NatsLink } from '../connection/nats-link.js';
import { makeEnvelope } from '../message/make-envelope.js';
import { RealBus, startService } from '../real-bus.cases.js';
import { FactPublisher } from './fact-publisher.js';
import { HandleFact } from './handle-fact.js';

const fact = facts.sessionTerminated;
const durable = 'cleanup-session-terminated';
type Payload = PayloadOf<typeof fact>;

let handle: (payload: Payload, envelope: Envelope) => Promise<void>;
let handled: (string | null)[] = [];

@Controller()
class ReceiptsController {
  @HandleFact(fact)
  async terminated(payload: Payload, envelope: Envelope<Payload>): Promise<void> {
    handled.push(envelope.sessionId);
    await handle(payload, envelope);
  }
}

const bus = await RealBus.prepare();
let provisioner: INestApplication;
let cleanup: INestApplication;
let observer: NatsConnection;
let streams: JetStreamManager;

const startCleanup = (): Promise<INestApplication> =>
  startService({ url: bus.url, service: 'cleanup', controllers: [ReceiptsController] });

function terminated(sessionId: string): Envelope<Payload> {
  return makeEnvelope(fact, fact.example, { actor: anActor(), correlationId: 'c', sessionId }, systemClock);
}

async function publish(sessionId: string = newSessionId()): Promise<string> {
  const envelope = terminated(sessionId);
  await provisioner.get(FactPublisher).publish(factSubject(fact, sessionId), envelope, envelope.id);
  return sessionId;
}

async function deadLetterOf(sessionId: string): Promise<StoredMsg> {
  const subject = `nalabo.dead.${factSubject(fact, sessionId)}`;
  const letter = await streams.streams.getMessage(deadLetterStream.name, { last_by_subj: subject });
  if (!letter) throw new Error(`no dead letter on ${subject}`);
  return letter;
}

/** @param counts What was not delivered, and what was delivered and is not settled. */
async function expectPending(counts: [number, number]): Promise<void> {
  const info = await streams.consumers.info(factStream.name, durable);
  expect([info.num_pending, info.num_ack_pending]).toEqual(counts);
}
const expectNothingPending = (): Promise<void> => expectPending([0, 0]);

beforeAll(async () => {
  await bus.start();
  provisioner = await startService({ url: bus.url, service: 'provisioner', controllers: [] });
  observer = await connect({ ...connectionOptions({ url: bus.url, service: 'observer', instance: 'one' }) });
  streams = await jetstreamManager(observer);
  await eventually(() => expect(provisioner.get(NatsLink).isConnected).toBe(true));
});
beforeEach(async () => {
  handled = [];
  handle = async () => undefined;
  cleanup = await startCleanup();
});
afterEach(async () => {
  await cleanup.close();
});
afterAll(async () => {
  await provisioner.close();
  await observer.close();
  await bus.remove();
});

describe('a fact', () => {
  it('reaches its handler parsed, with its envelope, and is settled', async () => {
    const received: [Payload, Envelope][] = [];
    handle = async (...both) => void received.push(both);
    const sessionId = await publish();
    await eventually(() => expect(received).toHaveLength(1));
    expect(received[0]?.[0]).toEqual(fact.example);
    expect(received[0]?.[1]).toMatchObject({ type: 'session.terminated', sessionId, payload: fact.example });
    await eventually(expectNothingPending);
  });

  it('published twice under one message id is stored once', async () => {
    const envelope = terminated(newSessionId());
    const subject = factSubject(fact, envelope.sessionId ?? '');
    await provisioner.get(FactPublisher).publish(subject, envelope, envelope.id);
    await provisioner.get(FactPublisher).publish(subject, envelope, envelope.id);
    await eventually(() => expect(handled).toEqual([envelope.sessionId]));
    await eventually(expectNothingPending);
    expect(handled).toHaveLength(1);
  });

  it('whose handler fails comes again a second later', async () => {
    handle = async () => {
      if (handled.length === 1) throw new AppError('unavailable', 'the database is away');
    };
    const sessionId = await publish();
    await eventually(() => expect(handled).toEqual([sessionId, sessionId]));
    await eventually(expectNothingPending);
  });

  it('that no repetition can mend becomes a dead letter at once', async () => {
    handle = async () => {
      throw new AppError('unprocessable', 'nobody knows\nthis target');
    };
    const sessionId = await publish();
    const letter = await eventually(() => deadLetterOf(sessionId));
    expect(letter.header.get('Nalabo-Error')).toBe('unprocessable');
    expect(letter.header.get('Nalabo-Reason')).toBe('nobody knows this target');
    expect(letter.header.get('Nalabo-Service')).toBe('cleanup');
    expect(letter.json<Envelope>().sessionId).toBe(sessionId);
    await eventually(expectNothingPending);
    expect(handled).toHaveLength(1);
  });

  it.each([
    ['that is not JSON', 'not json'],
    ['of an unknown version', JSON.stringify({ ...terminated(newSessionId()), version: 9 })],
    ['that breaks its contract', JSON.stringify({ ...terminated(newSessionId()), payload: { reason: 'boredom' } })],
  ])('%s never reaches the handler and is kept as a dead letter', async (_, data) => {
    const sessionId = newSessionId();
    await jetstream(observer).publish(factSubject(fact, sessionId), data);
    const letter = await eventually(() => deadLetterOf(sessionId));
    expect(letter.header.get('Nalabo-Error')).toBe('invalid_input');
    expect(letter.string()).toBe(data);
    await eventually(expectNothingPending);
    expect(handled).toEqual([]);
  });

  it('that was delivered five times without an end becomes a dead letter unseen', async () => {
    await eventually(expectNothingPending);
    await cleanup.close();
    const sessionId = await publish();
    const consumer = await jetstream(observer).consumers.get(factStream.name, durable);
    for (let delivery = 1; delivery <= 5; delivery += 1) (await consumer.next({ expires: 20_000 }))?.nak();
    cleanup = await startCleanup();
    const letter = await eventually(() => deadLetterOf(sessionId));
    expect(letter.header.get('Nalabo-Deliveries')).toBe('6');
    expect(handled).toEqual([]);
  });

  it('is handled by one of two replicas', async () => {
    const second = await startService({
      url: bus.url,
      service: 'cleanup',
      instance: 'two',
      controllers: [ReceiptsController],
    });
    const ids = await Promise.all(Array.from({ length: 30 }, () => publish()));
    await eventually(expectNothingPending);
    expect(handled.toSorted()).toEqual(ids.toSorted());
    await second.close();
  });

  it('waits its turn: never more than eight are handled at once', async () => {
    let running = 0;
    let most = 0;
    const release = Promise.withResolvers<void>();
    handle = async () => {
      running += 1;
      most = Math.max(most, running);
      await release.promise;
      await new Promise(setImmediate);
      running -= 1;
    };
    await Promise.all(Array.from({ length: 60 }, () => publish()));
    await eventually(() => expect(running).toBe(8));
    release.resolve();
    await eventually(() => expect(handled).toHaveLength(60));
    expect(most).toBe(8);
  });
});

describe('a consumer', () => {
  it('finishes and settles the fact at work when its service stops, and leaves the next one to its successor', async () => {
    const release = Promise.withResolvers<void>();
    let finished = 0;
    handle = async () => {
      await release.promise;
      finished += 1;
    };
    await publish();
    await eventually(() => expect(handled).toHaveLength(1));
    const closed = cleanup.close();
    release.resolve();
    await closed;
    expect(finished).toBe(1);
    await publish();
    // The server counts what is pending a moment after it has stored it.
    await eventually(() => expectPending([1, 0]));
    cleanup = await startCleanup();
    await eventually(() => expect(finished).toBe(2));
  });

  it('goes on after a restart of NATS, and settles what was at work', async () => {
    const release = Promise.withResolvers<void>();
    handle = async () => release.promise;
    await publish();
    await eventually(() => expect(handled).toHaveLength(1));
    await bus.stop();
    // What is written to a connection before its end is noticed may still be sent after the restart.
    await eventually(() => expect(provisioner.get(NatsLink).isConnected).toBe(false));
    await expect(publish()).rejects.toMatchObject({ kind: 'unavailable' });
    await bus.start();
    await eventually(() => expect(cleanup.get(NatsLink).isConnected).toBe(true));
    release.resolve();
    const next = await eventually(() => publish());
    await eventually(() => expect(handled.at(-1)).toBe(next));
    await eventually(expectNothingPending);
    expect(handled).toHaveLength(2);
  });

  it('makes its stream again when somebody deletes it', async () => {
    await eventually(expectNothingPending);
    await streams.streams.delete(factStream.name);
    const sessionId = await eventually(() => publish());
    await eventually(() => expect(handled).toEqual([sessionId]));
  });

  it('starts before NATS and handles facts when it appears', async () => {
    const later = await RealBus.prepare();
    const early = await startService({ url: later.url, service: 'cleanup', controllers: [ReceiptsController] });
    await later.start();
    const envelope = terminated(newSessionId());
    const subject = factSubject(fact, envelope.sessionId ?? '');
    await eventually(() => early.get(FactPublisher).publish(subject, envelope, envelope.id));
    await eventually(() => expect(handled).toEqual([envelope.sessionId]));
    await early.close();
    await later.remove();
  });
});
