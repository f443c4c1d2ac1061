import type { FastifyReply } from 'fastify';
import { ClientStream, type ClientTimes, clientTimes } from '../stream/client-stream.js';

export interface ServerSentEvent {
  /** What the client names as `Last-Event-ID` when it comes back. */
  readonly id?: number;
  readonly event: string;
  readonly data: object;
}

export interface EventStreamTimes extends ClientTimes {
  /** Proxies close connections on which nothing is sent, so a comment comes this often. Milliseconds. */
  readonly comment: number;
}

export const eventStreamTimes: EventStreamTimes = { ...clientTimes, comment: 15_000 };

const comment = ':\n\n';

/** JSON has no line breaks of its own, so the data is always one line. */
export function formatEvent({ id, event, data }: ServerSentEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/**
 * The body of an answer that is a stream of events, and its headers. An event is asked for only when the socket has room
 * for it, so nothing piles up here.
 * @param signal Aborts when the service stops: a client that does not read must not hold that up.
 */
export function eventStream(
  reply: FastifyReply,
  events: AsyncGenerator<ServerSentEvent>,
  signal: AbortSignal,
  times: EventStreamTimes = eventStreamTimes,
): AsyncGenerator<string> {
  const client = new ClientStream(reply, 'text/event-stream', signal, times);
  client.offered();
  return toText(events, times.comment, client);
}

/** Starts with a comment, because the headers go out with the first text. */
async function* toText(
  events: AsyncGenerator<ServerSentEvent>,
  commentMilliseconds: number,
  client: ClientStream,
): AsyncGenerator<string> {
  try {
    yield comment;
    let next = events.next();
    for (;;) {
      const result = await within(next, commentMilliseconds);
      if (result?.done) return;
      // Whoever asks for the next text has taken the one before.
      client.offered();
      yield result ? formatEvent(result.value) : comment;
      if (result) next = events.next();
    }
  } finally {
    await events.return(undefined);
  }
}

/** Undefined when the promise takes longer. */
async function within<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), milliseconds);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
