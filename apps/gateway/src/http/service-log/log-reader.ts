import { setTimeout as delay } from 'node:timers/promises';
import {
  outputSubject,
  type RequestOf,
  rpcs,
  type ServiceLogEnd,
  type ServiceLogFrame,
  serviceLogFrameSchema,
  serviceLogLimits,
  serviceLogMilliseconds,
} from '@nalabo/contracts';
import { AppError, isRetryable, newId, retry, toAppError } from '@nalabo/kernel';
import type { LiveFeed, LiveSubscription, RpcClient } from '@nalabo/messaging';
import type { Caller } from '../../edge/caller.js';

const { openLog, keepLog, closeLog } = rpcs.executor;

export type LogOrder = Omit<RequestOf<typeof openLog>, 'readerId'>;

export interface LogSources {
  readonly rpc: RpcClient;
  readonly live: LiveFeed;
  /** Aborts when this service stops. */
  readonly stopSignal: AbortSignal;
}

export interface LogClient {
  readonly caller: Caller;
  /** Aborts when nobody reads any more. */
  readonly signal: AbortSignal;
}

/** Having this much more is told at once: most of what may be sent meanwhile is still to come then. */
const worthTelling = serviceLogLimits.untakenBytes / 4;
/** An executor that is cut off for a moment is asked again, until well before it gives its reader up. */
const patience = { attempts: 4, firstMilliseconds: 200, factor: 2, maximumMilliseconds: 1_000 };
const answerMilliseconds = 2_000;

/**
 * Reads the log of one service for one client, as fast as the client takes it: the executor sends only so much that is not
 * taken, so no more than that waits here.
 */
export class LogReader {
  private readonly readerId = newId();
  private readonly stopping = new AbortController();
  private readonly subscription: LiveSubscription;
  private readonly waiting: Buffer[] = [];
  private received = 0;
  private taken = 0;
  private told = 0;
  private end: ServiceLogEnd | undefined;
  private news = Promise.withResolvers<void>();

  /** Ends by itself when the signal of the client aborts. */
  constructor(
    private readonly order: LogOrder,
    private readonly client: LogClient,
    private readonly sources: LogSources,
  ) {
    this.subscription = sources.live.subscribe(
      outputSubject(this.readerId),
      (data) => serviceLogFrameSchema.parse(data),
      (frame) => this.receive(frame),
    );
    client.signal.addEventListener('abort', this.stop, { once: true });
    sources.stopSignal.addEventListener('abort', this.breakOff, { once: true });
    if (client.signal.aborted) this.stop();
    if (sources.stopSignal.aborted) this.breakOff();
  }

  /** Resolves when the log is being read. Rejects as the executor refuses it. */
  async open(): Promise<void> {
    try {
      await this.subscription.ready;
      const { instance } = await this.sources.rpc.request(
        openLog,
        { ...this.order, readerId: this.readerId },
        this.context,
      );
      void this.keepUp(instance);
    } catch (thrown) {
      this.stop();
      throw thrown;
    }
  }

  /**
   * To be called once. Ends with the log, or when the client has left.
   * @throws AppError `unavailable` when the log broke off: something may be missing behind what was given.
   */
  async *pieces(): AsyncGenerator<Buffer> {
    try {
      while (!this.client.signal.aborted) {
        const piece = this.waiting.shift();
        if (piece) {
          yield piece;
          this.taken += piece.length;
          this.wake();
        } else if (this.end === undefined) await this.news.promise;
        else if (this.end === 'complete' || this.end === 'session_over') return;
        else throw new AppError('unavailable', `the log broke off: ${this.end}`);
      }
    } finally {
      this.stop();
    }
  }

  private readonly stop = (): void => {
    this.client.signal.removeEventListener('abort', this.stop);
    this.sources.stopSignal.removeEventListener('abort', this.breakOff);
    this.subscription.stop();
    this.stopping.abort();
    this.wake();
  };

  private receive(frame: ServiceLogFrame): void {
    if (this.end !== undefined) return;
    // A frame between is missing, which nobody keeps.
    if (frame.offset !== this.received) this.end = 'lost';
    else if (frame.kind === 'ended') this.end = frame.end;
    else {
      const piece = Buffer.from(frame.data, 'base64');
      this.received += piece.length;
      this.waiting.push(piece);
    }
    this.wake();
  }

  /** Gives signs of life to the instance that reads the log, and lets it go in the end. */
  private async keepUp(instance: string): Promise<void> {
    const { rpc } = this.sources;
    const { readerId } = this;
    const context = { ...this.context, instance, timeoutMs: answerMilliseconds };
    while (await this.isWorthTelling()) {
      this.told = this.taken;
      const tell = (): Promise<object> => rpc.request(keepLog, { readerId, taken: this.told }, context);
      const isWorthRetrying = (error: unknown): boolean => !this.isOver && isRetryable(toAppError(error));
      await retry(tell, { ...patience, isWorthRetrying }).catch(() => this.breakOff());
    }
    // Without this the executor lets it go soon, too, for want of signs of life.
    await rpc.request(closeLog, { readerId }, context).catch(() => undefined);
  }

  /** Resolves when the next sign of life is due; false when none is. */
  private async isWorthTelling(): Promise<boolean> {
    const isDue = (): boolean => this.isOver || this.taken - this.told >= worthTelling;
    const rested = new AbortController();
    const rest = delay(serviceLogMilliseconds.atLeast, true, { signal: rested.signal }).catch(() => true);
    while (!isDue()) if (await Promise.race([rest, this.news.promise])) break;
    rested.abort();
    return !this.isOver;
  }

  private get isOver(): boolean {
    return this.stopping.signal.aborted || this.end !== undefined;
  }

  private readonly breakOff = (): void => {
    this.end ??= 'lost';
    this.wake();
  };

  private wake(): void {
    this.news.resolve();
    this.news = Promise.withResolvers();
  }

  private get context() {
    return { ...this.client.caller, sessionId: this.order.sessionId };
  }
}
