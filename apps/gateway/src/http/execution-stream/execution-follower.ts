import { setTimeout as delay } from 'node:timers/promises';
import { type ExecutionView, type OutputFrame, outputFrameSchema, outputSubject, rpcs } from '@nalabo/contracts';
import { isRetryable, toAppError } from '@nalabo/kernel';
import type { LiveFeed, LiveSubscription, NatsLink, RpcClient } from '@nalabo/messaging';
import type { Caller } from '../../edge/caller.js';
import type { Lagged } from './frame-event.js';
import { FrameQueue } from './frame-queue.js';

export interface FollowedExecution {
  readonly sessionId: string;
  readonly executionId: string;
  /** The number of the last frame that the client has; -1 for none. */
  readonly after: number;
  readonly caller: Caller;
  /** Aborts when nobody reads any more. */
  readonly signal: AbortSignal;
}

export interface FollowerSources {
  readonly rpc: RpcClient;
  readonly live: LiveFeed;
  readonly link: NatsLink;
}

const bufferBytes = 1024 * 1024;
/** Live frames may be lost without a trace, so after so long without one the executor is asked. */
const quietMilliseconds = 5_000;
const retryMilliseconds = 1_000;

const { joinExecution, getExecution } = rpcs.executor;

/** Reads the frames of one execution for one client: live as they come, and what is missing by asking for it. */
export class ExecutionFollower {
  private readonly queue: FrameQueue;
  private readonly subscription: LiveSubscription;
  private readonly forgetLink: () => void;
  private news = Promise.withResolvers<void>();
  private mustAsk = false;
  private ended: ExecutionView | undefined;

  /** Subscribes at once: what is published after `ready` is not missed. Ends by itself when the signal aborts. */
  constructor(
    private readonly execution: FollowedExecution,
    private readonly sources: FollowerSources,
  ) {
    const { executionId, after, signal } = execution;
    this.queue = new FrameQueue(after, bufferBytes);
    this.subscription = sources.live.subscribe(
      outputSubject(executionId),
      (data) => outputFrameSchema.parse(data),
      (frame) => this.receive(frame),
    );
    this.forgetLink = sources.link.onLost(() => this.ask());
    signal.addEventListener('abort', this.stop, { once: true });
    if (signal.aborted) this.stop();
  }

  get ready(): Promise<void> {
    return this.subscription.ready;
  }

  /** The view of an execution that has ended and of which the client has everything; undefined while more may come. */
  get complete(): ExecutionView | undefined {
    return this.queue.last === this.execution.after ? this.ended : undefined;
  }

  /**
   * Asks for what is missing. When there is nothing although the execution has ended, its executor died before it could
   * number the end, and the view of the execution takes that place.
   */
  async catchUp(): Promise<void> {
    const { queue } = this;
    const before = queue.last;
    const { frames, more } = await this.join();
    queue.addAsked(frames);
    if (queue.last > before) this.mustAsk = more || queue.hasGap;
    else if (this.ended) queue.addAsked([toFinished(this.ended, before + 1)]);
    else await this.checkEnd();
  }

  /** Ends behind `finished` or `lagged`, or without either when the signal aborts. Rejects when the execution is gone. */
  async *frames(): AsyncGenerator<OutputFrame | Lagged> {
    const { queue } = this;
    try {
      while (!this.execution.signal.aborted) {
        const frame = queue.take();
        if (frame) yield frame;
        if (frame?.kind === 'finished') return;
        if (queue.isOverfull) return yield { kind: 'lagged', after: queue.taken };
        if (!frame) await this.advance();
      }
    } finally {
      this.stop();
    }
  }

  readonly stop = (): void => {
    this.execution.signal.removeEventListener('abort', this.stop);
    this.subscription.stop();
    this.forgetLink();
    this.news.resolve();
  };

  private receive(frame: OutputFrame): void {
    this.queue.addLive(frame);
    if (this.queue.hasGap) this.mustAsk = true;
    // The client begins anew, so no more is read for it while it takes what was sent before.
    if (this.queue.isOverfull) this.stop();
    this.news.resolve();
  }

  private ask(): void {
    this.mustAsk = true;
    this.news.resolve();
  }

  private async advance(): Promise<void> {
    if (this.mustAsk) return this.tryCatchUp();
    this.news = Promise.withResolvers();
    const quiet = setTimeout(() => this.ask(), quietMilliseconds);
    await this.news.promise;
    clearTimeout(quiet);
  }

  private async tryCatchUp(): Promise<void> {
    this.mustAsk = false;
    try {
      await this.catchUp();
    } catch (thrown) {
      if (!isRetryable(toAppError(thrown))) throw thrown;
      this.mustAsk = true;
      const { signal } = this.execution;
      await delay(retryMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  }

  private async checkEnd(): Promise<void> {
    const { sessionId, executionId, caller } = this.execution;
    const view = await this.sources.rpc.request(getExecution, { sessionId, executionId }, { ...caller, sessionId });
    if (view.state !== 'finished') return;
    // The end may have come between the two questions, so the frames are asked for once more.
    const { frames } = await this.join();
    this.queue.addAsked(frames);
    this.ended = view;
    this.mustAsk = true;
  }

  private join() {
    const { sessionId, executionId, caller } = this.execution;
    const question = { sessionId, executionId, after: this.queue.last };
    return this.sources.rpc.request(joinExecution, question, { ...caller, sessionId });
  }
}

function toFinished(view: ExecutionView, seq: number): OutputFrame {
  const { outcome, exitCode, truncated, startFailed, durationMs, path, leftProcesses } = view;
  return { kind: 'finished', seq, outcome, exitCode, truncated, startFailed, durationMs, path, leftProcesses };
}
