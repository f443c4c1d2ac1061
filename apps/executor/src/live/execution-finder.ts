import { type Envelope, type ExecutionView, type ReplyOf, type RequestOf, type Rpc, rpcs } from '@nalabo/contracts';
import { toAppError } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { Injectable } from '@nestjs/common';
import type { ExecutionEntity } from '../executions/execution.entity.js';
import { ExecutionReader } from '../executions/execution-reader.js';
import { viewOf } from '../executions/execution-view.js';
import { Replica } from '../replica.js';
import type { FramePage } from './frames-after.js';
import { LiveExecutions } from './live-executions.js';
import { rowFramesAfter } from './row-frames.js';

const { joinExecution, cancelExecution } = rpcs.executor;

type JoinRequest = RequestOf<typeof joinExecution>;
type CancelRequest = RequestOf<typeof cancelExecution>;
type Place = Pick<JoinRequest, 'sessionId' | 'executionId'>;

/** A kill and what it takes to store the end; the reply must come before the caller has given up. */
const endMilliseconds = 7000;

/** Reaches an execution wherever it lives: in this process, in another one, or in its row alone. */
@Injectable()
export class ExecutionFinder {
  constructor(
    private readonly lives: LiveExecutions,
    private readonly reader: ExecutionReader,
    private readonly rpc: RpcClient,
    private readonly replica: Replica,
  ) {}

  /** @throws AppError `not_found`. */
  async join(request: JoinRequest, envelope: Envelope): Promise<FramePage> {
    const live = await this.located(request);
    if ('join' in live) return live.join(request.after);
    const answer = await this.askOther(joinExecution, request, { row: live, envelope });
    return answer ?? rowFramesAfter(live, request.after);
  }

  /** Kills the command and gives the execution as it then stands. @throws AppError `not_found`. */
  async cancel(request: CancelRequest, envelope: Envelope): Promise<ExecutionView> {
    const live = await this.located(request);
    if (!('join' in live)) {
      return (await this.askOther(cancelExecution, request, { row: live, envelope })) ?? viewOf(live);
    }
    live.stopBecause('cancelled');
    const view = await this.endWithin(live.ended);
    return view ?? viewOf(await this.reader.get(request.sessionId, request.executionId));
  }

  private async located({ sessionId, executionId }: Place) {
    const live = this.lives.find(sessionId, executionId);
    if (live) return live;
    const row = await this.reader.get(sessionId, executionId);
    // It may have begun here while the row was read.
    return this.lives.find(sessionId, executionId) ?? row;
  }

  /** Null when the row is all there is: the command has ended, or the process that ran it does not answer any more. */
  private async askOther<Contract extends Rpc>(
    rpc: Contract,
    request: RequestOf<Contract>,
    { row, envelope }: { readonly row: ExecutionEntity; readonly envelope: Envelope },
  ): Promise<ReplyOf<Contract> | null> {
    const { state, instance, sessionId } = row;
    if (state === 'finished' || instance === null || instance === this.replica.name) return null;
    const { actor, correlationId, id: causationId } = envelope;
    try {
      return await this.rpc.request(rpc, request, { actor, correlationId, causationId, sessionId, instance });
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.kind !== 'unavailable') throw error;
      return null;
    }
  }

  private async endWithin(ended: Promise<ExecutionView>): Promise<ExecutionView | undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), endMilliseconds);
    return Promise.race([ended, promise]).finally(() => clearTimeout(timer));
  }
}
