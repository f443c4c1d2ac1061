import type { FastifyReply } from 'fastify';

export interface ServerSentEvent {
  /** What the client names as `Last-Event-ID` when it comes back. */
  readonly id?: number;
  readonly event: string;
  readonly data: object;
}

export interface EventStreamTimes {
  /** Proxies close connections on which nothing is sent, so a comment comes this often. Milliseconds. */
  readonly comment: number;
  /** A client that takes nothing for so long is disconnected. Milliseconds. */
  readonly stall: number;
  /** What a client may still take when the service stops. Milliseconds. */
  readonly leave: number;
}

export const eventStreamTimes: EventStreamTimes = { comment: 15_000, stall: 60_000, leave: 1_000 };

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
  void reply.headers({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    // The connection ends with the stream: kept open, it would hold up a stop of the service.
    connection: 'close',
  });
  const disconnect = (): void => void reply.raw.destroy();
  const stall = setTimeout(disconnect, times.stall).unref();
  const leave = (): void => void setTimeout(disconnect, times.leave).unref();
  signal.addEventListener('abort', leave, { once: true });
  reply.raw.once('close', () => {
    clearTimeout(stall);
    signal.removeEventListener('abort', leave);
  });
  return toText(events, times.comment, stall);
}

/** Starts with a comment, because the headers go out with the first text. */
async function* toText(
  events: AsyncGenerator<ServerSentEvent>,
  commentMilliseconds: number,
  stall: NodeJS.Timeout,
): AsyncGenerator<string> {
  try {
    yield comment;
    let next = events.next();
    for (;;) {
      const result = await within(next, commentMilliseconds);
      if (result?.done) return;
      // Whoever asks for the next text has taken the one before.
      stall.refresh();
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
