import type { FastifyReply } from 'fastify';

export interface ClientTimes {
  /** A client that takes nothing for so long is disconnected. Milliseconds. */
  readonly stall: number;
  /** What a client may still take when the service stops. Milliseconds. */
  readonly leave: number;
}

const keepAliveMilliseconds = 30_000;

export const clientTimes: ClientTimes = { stall: 60_000, leave: 1_000 };

/** An answer that goes on for as long as there is something to tell, and its client: one that does not read is disconnected. */
export class ClientStream {
  private stall: NodeJS.Timeout | undefined;

  /** @param signal Aborts when the service stops: a client that does not read must not hold that up. */
  constructor(
    private readonly reply: FastifyReply,
    contentType: string,
    signal: AbortSignal,
    private readonly times: ClientTimes = clientTimes,
  ) {
    void reply.headers({
      'content-type': contentType,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // The connection ends with the stream: kept open, it would hold up a stop of the service.
      connection: 'close',
    });
    // A client may vanish without a word while there is nothing to send.
    reply.raw.socket?.setKeepAlive(true, keepAliveMilliseconds);
    // Its end was told already, and would not be told again.
    if (reply.raw.closed) return;
    const leave = (): void => void setTimeout(this.disconnect, times.leave).unref();
    signal.addEventListener('abort', leave, { once: true });
    reply.raw.once('close', () => {
      this.taken();
      signal.removeEventListener('abort', leave);
    });
  }

  /** Something is sent now. What was sent before is taken. */
  offered(): void {
    this.taken();
    this.stall = setTimeout(this.disconnect, this.times.stall).unref();
  }

  /** Everything is taken: however long nothing more comes, the client stays. */
  taken(): void {
    clearTimeout(this.stall);
  }

  private readonly disconnect = (): void => void this.reply.raw.destroy();
}
