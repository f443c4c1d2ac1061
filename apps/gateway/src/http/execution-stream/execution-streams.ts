import { type ExecutionView, type OutputFrame, rpcs } from '@nalabo/contracts';
import { LiveFeed, NatsLink, RpcClient } from '@nalabo/messaging';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Caller } from '../../edge/caller.js';
import type { CommandOrder } from '../execution-text.js';
import { ExecutionFollower, type FollowedExecution } from './execution-follower.js';
import type { Lagged } from './frame-event.js';

export interface Reader {
  readonly caller: Caller;
  /** Aborts when the client leaves. The command goes on. */
  readonly signal: AbortSignal;
}

export interface AcceptedExecution {
  readonly view: ExecutionView;
  readonly frames: AsyncGenerator<OutputFrame | Lagged>;
}

/** The frames of executions for the clients of this gateway. */
@Injectable()
export class ExecutionStreams implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(
    private readonly rpc: RpcClient,
    private readonly live: LiveFeed,
    private readonly link: NatsLink,
  ) {}

  /** Aborts when the service stops; then every stream ends and its client comes back to another replica. */
  get stopSignal(): AbortSignal {
    return this.stopping.signal;
  }

  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /**
   * Starts a command, and reads it from its first frame. Resolves when it is accepted; with an idempotency key that was
   * used before, the execution is the one that was started then.
   */
  async start(command: CommandOrder, reader: Reader): Promise<AcceptedExecution> {
    const { sessionId, executionId } = command;
    const follower = this.follow({ sessionId, executionId, after: -1, ...reader });
    try {
      await follower.ready;
      const order = { ...command, wait: false, live: true };
      const view = await this.rpc.request(rpcs.executor.runCommand, order, { ...reader.caller, sessionId });
      if (view.executionId === executionId) return { view, frames: follower.frames() };
      follower.stop();
      const first = await this.caughtUp({ sessionId, executionId: view.executionId, after: -1, ...reader });
      return { view, frames: first.frames() };
    } catch (thrown) {
      follower.stop();
      throw thrown;
    }
  }

  /** Reads on behind `after`. Undefined when the execution has ended and nothing is behind it. */
  async join(execution: FollowedExecution): Promise<AsyncGenerator<OutputFrame | Lagged> | undefined> {
    const follower = await this.caughtUp(execution);
    // What is unknown has lost its numbers with its executor, so its end is told again rather than never.
    if (!follower.complete || follower.complete.outcome === 'unknown') return follower.frames();
    follower.stop();
    return undefined;
  }

  private async caughtUp(execution: FollowedExecution): Promise<ExecutionFollower> {
    const follower = this.follow(execution);
    try {
      await follower.ready;
      await follower.catchUp();
      return follower;
    } catch (thrown) {
      follower.stop();
      throw thrown;
    }
  }

  private follow(execution: FollowedExecution): ExecutionFollower {
    const signal = AbortSignal.any([execution.signal, this.stopping.signal]);
    const { rpc, live, link } = this;
    return new ExecutionFollower({ ...execution, signal }, { rpc, live, link });
  }
}
