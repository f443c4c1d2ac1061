import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import { expect, it } from 'vitest';
import { eventStream, formatEvent, type ServerSentEvent } from './event-stream.js';

const times = { comment: 20, stall: 60, leave: 10 };

/** The part of an answer that a stream uses. */
class Answer {
  headers: Record<string, string> = {};
  readonly disconnected = Promise.withResolvers<void>();
  readonly raw = Object.assign(new EventEmitter(), { destroy: () => this.disconnected.resolve() });

  readonly reply = {
    raw: this.raw,
    headers: (headers: Record<string, string>) => (this.headers = headers),
  } as unknown as FastifyReply;
}

async function* eventsAfter(time: Promise<void>, ...events: ServerSentEvent[]): AsyncGenerator<ServerSentEvent> {
  await time;
  yield* events;
}
const none = () => eventsAfter(Promise.resolve());

it.each([
  [
    { id: 0, event: 'stdout', data: { text: 'a\nb\r\u2028' } },
    'id: 0\nevent: stdout\ndata: {"text":"a\\nb\\r\u2028"}\n\n',
  ],
  [{ event: 'lagged', data: { after: 7 } }, 'event: lagged\ndata: {"after":7}\n\n'],
])('writes %j in the form of events', (event, text) => {
  expect(formatEvent(event)).toBe(text);
});

it('begins with a comment, and writes one whenever nothing happens', async () => {
  const event = { id: 1, event: 'finished', data: {} };
  const texts: string[] = [];
  const { reply } = new Answer();
  const { promise: time, resolve } = Promise.withResolvers<void>();
  for await (const text of eventStream(reply, eventsAfter(time, event), new AbortController().signal, times)) {
    if (texts.push(text) === 4) resolve();
  }
  expect(texts.slice(0, -1)).toEqual(texts.slice(0, -1).map(() => ':\n\n'));
  expect(texts.at(-1)).toBe(formatEvent(event));
});

it('disconnects a client that takes nothing', async () => {
  const answer = new Answer();
  const stream = eventStream(answer.reply, none(), new AbortController().signal, times);
  await stream.next();
  await answer.disconnected.promise;
});

it('lets a stopping service go although the client does not read', async () => {
  const answer = new Answer();
  const stopping = new AbortController();
  const stream = eventStream(answer.reply, none(), stopping.signal, { ...times, stall: 60_000 });
  await stream.next();
  stopping.abort();
  await answer.disconnected.promise;
});

it('stops what gives the events when nobody takes them any more', async () => {
  let isStopped = false;
  async function* events(): AsyncGenerator<ServerSentEvent> {
    try {
      for (;;) yield await Promise.resolve({ event: 'stdout', data: {} });
    } finally {
      isStopped = true;
    }
  }
  const stream = eventStream(new Answer().reply, events(), new AbortController().signal, times);
  await stream.next();
  await stream.next();
  await stream.return(undefined);
  expect(isStopped).toBe(true);
});
