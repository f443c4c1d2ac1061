import { type ApplyView, applyWaits, type Envelope, type RequestOf, type rpcs } from '@nalabo/contracts';
import { AppError, toAppError } from '@nalabo/kernel';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { SessionAccess } from '../access/session-access.js';
import { ApplyAttempt, type ApplyEnd } from './apply-attempt.js';
import { ApplyHistory } from './apply-history.js';
import type { ApplyLease } from './apply-lease.js';
import { ApplyLeases } from './apply-leases.js';
import { type ApplyOrder, orderOf, rollbackOrder } from './apply-order.js';
import { ApplyPlaces } from './apply-places.js';
import { ApplyRestorer } from './apply-restorer.js';
import { storedViewOf, viewOf } from './apply-view.js';
import { ApplyStore } from './apply.store.js';
import { restarting, takenBack } from './cut-off-errors.js';

type RunRequest = RequestOf<typeof rpcs.executor.runApply>;
type RollbackRequest = RequestOf<typeof rpcs.executor.rollbackApply>;

/** Applies what comes as a file, and what is brought back, in the same way. */
@Injectable()
export class ApplyRunner implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ApplyRunner.name);
  private readonly shutdown = new AbortController();

  constructor(
    private readonly access: SessionAccess,
    private readonly places: ApplyPlaces,
    private readonly leases: ApplyLeases,
    private readonly store: ApplyStore,
    private readonly history: ApplyHistory,
    private readonly restorer: ApplyRestorer,
  ) {}

  /** What is under way ends after the object that it is at, and says so. */
  beforeApplicationShutdown(): void {
    this.shutdown.abort();
  }

  /**
   * Resolves when everything was done that could be, and says what became of each object.
   * @throws AppError when nothing has changed, or what has was undone: `not_found`, `conflict`, `gone`, `unprocessable`,
   * `exhausted`, `unavailable`.
   */
  async run(request: RunRequest, envelope: Envelope): Promise<ApplyView> {
    await this.access.require('use', request.sessionId, envelope);
    return this.once(orderOf(request, envelope));
  }

  /** Makes the session hold what it held before one of its applies. @throws AppError as `run`. */
  async rollback(request: RollbackRequest, envelope: Envelope): Promise<ApplyView> {
    await this.access.require('use', request.sessionId, envelope);
    const held = await this.history.before(request.sessionId, request.applyId);
    return this.once(rollbackOrder(request, held, envelope));
  }

  private async once(order: ApplyOrder): Promise<ApplyView> {
    // Before anything that may be refused: what was done once is answered again even when it could not be done any more.
    const earlier = await this.store.earlier(order);
    if (earlier !== null) return this.repeat(order.sessionId, earlier);
    // For both that follow: whoever waits for the answer waits for them together.
    const deadline = AbortSignal.timeout(applyWaits.deadlineMs);
    const place = await this.places.require('apply', order.sessionId, order.envelope);
    await this.restorer.restoreIn(order.sessionId, deadline);
    const lease = await this.leases.begin(order);
    const attempt = new ApplyAttempt(order, place, lease, (change) => this.store.remember(order, change));
    try {
      // Before anything is read: reading takes time too, of which an owner has a share.
      const started = await this.store.start(order);
      if (started !== null) return await this.repeat(order.sessionId, started);
      const end = await this.carryOut(attempt, order, lease, deadline);
      await (attempt.isLeft ? this.tryToStore(order, this.restorer.takeOver(order.applyId)) : this.keep(order, end));
      return viewOf(order, end);
    } finally {
      await lease.close(attempt.outcome);
    }
  }

  /** Resolves when the provisioner knows what the session holds. */
  private async carryOut(
    attempt: ApplyAttempt,
    order: ApplyOrder,
    lease: ApplyLease,
    deadline: AbortSignal,
  ): Promise<ApplyEnd> {
    const signal = AbortSignal.any([deadline, this.shutdown.signal, lease.lost]);
    try {
      const end = await attempt.carryOut(signal);
      if (end.state === 'failed' && this.shutdown.signal.aborted) throw restarting();
      await lease.settle(attempt.outcome);
      return end;
    } catch (error) {
      const isLeft = isOpen(attempt, lease);
      await this.tryToStore(order, isLeft ? this.restorer.takeOver(order.applyId) : this.store.fail(order));
      throw this.cutOff(error, lease) ?? error;
    }
  }

  private async keep(order: ApplyOrder, end: ApplyEnd): Promise<void> {
    try {
      await this.store.finish(order, end);
    } catch (error) {
      // The names of what is removed come from the session's own API, which may answer what cannot be stored.
      this.logger.warn(`the result of apply ${order.applyId} is not kept: ${toAppError(error).message}`);
      await this.tryToStore(order, this.store.finishWithoutResult(order, end));
    }
  }

  /** What cannot be stored is true all the same, and is found out once the database is back. */
  private async tryToStore({ applyId }: ApplyOrder, storing: Promise<void>): Promise<void> {
    await storing.catch((thrown: unknown) => {
      this.logger.warn(`apply ${applyId} is kept as running: ${toAppError(thrown).message}`);
    });
  }

  /** The learner has cancelled nothing: either the session is taken away, or this process stops. */
  private cutOff(error: unknown, lease: ApplyLease): AppError | undefined {
    if (lease.lost.aborted) return takenBack();
    return this.shutdown.signal.aborted && toAppError(error).kind === 'cancelled' ? restarting(error) : undefined;
  }

  /** Answers what was started before by the same request, once it has ended. */
  private async repeat(sessionId: string, applyId: string): Promise<ApplyView> {
    const row = await this.history.get(sessionId, applyId);
    if (row.state === 'finished') return storedViewOf(row);
    throw new AppError('conflict', `apply ${applyId} of the same request is still running`, {
      details: { applyId, retryAfterSeconds: 1 },
    });
  }
}

/** Whether something of it may be there that this executor can neither commit nor take away. */
function isOpen({ outcome, isLeft }: ApplyAttempt, { lost }: ApplyLease): boolean {
  return isLeft || outcome.kind === 'applied' || (outcome.kind === 'unsettled' && lost.aborted);
}
