import { applyWaits } from '@nalabo/contracts';
import { type AppError, newId, toAppError } from '@nalabo/kernel';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { ApplyOutcome } from './apply-attempt.js';
import type { ApplyLease } from './apply-lease.js';
import { ApplyLeases } from './apply-leases.js';
import { ApplyPlaces, type Place } from './apply-places.js';
import { restarting, takenBack } from './cut-off-errors.js';
import { type CutOffApply, type CutOffEnd, CutOffStore } from './cut-off.store.js';
import { endWithoutSession, judgeCutOff } from './judge-cut-off.js';
import { nextRestore } from './next-restore.js';
import { takeBack, unrestorable } from './take-back.js';

/** One that takes long must not hold up the others. */
const mostAtOnce = 10;

/**
 * Finishes what applies have left that were cut off, by the death of their executor or by the loss of their lease: finds out
 * whether they were carried out, and brings back what the session held if not. It works under a lease of its own.
 */
@Injectable()
export class ApplyRestorer implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ApplyRestorer.name);
  private readonly shutdown = new AbortController();
  /** None of them rejects. */
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly places: ApplyPlaces,
    private readonly leases: ApplyLeases,
    private readonly store: CutOffStore,
  ) {}

  /** What is under way is tried again by another executor. */
  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    await this.settle();
  }

  /** Begins to look after those whose lease may be over. True when there may be more, and room for it. */
  async restoreOverdue(): Promise<boolean> {
    if (this.shutdown.signal.aborted) return false;
    for (const row of await this.store.claimOverdue(mostAtOnce - this.underWay.size)) {
      const work = this.tryToRestore(row).finally(() => this.underWay.delete(work));
      this.underWay.add(work);
    }
    if (this.underWay.size < mostAtOnce) return false;
    await Promise.race(this.underWay);
    return true;
  }

  /** Resolves when nothing that `restoreOverdue` has begun is under way. */
  async settle(): Promise<void> {
    await Promise.all(this.underWay);
  }

  /**
   * Looks after the apply that was cut off in a session, if there is one, so that the next finds everything as it was.
   * @param deadline When it must be done.
   * @throws AppError `conflict` when it is still running, `unavailable` when nothing could be done yet.
   */
  async restoreIn(sessionId: string, deadline: AbortSignal): Promise<void> {
    const cutOff = await this.store.find(sessionId);
    if (cutOff) await this.restore(cutOff, deadline);
  }

  /** Leaves an apply to be looked after that this executor cannot end. */
  async takeOver(applyId: string): Promise<void> {
    await this.store.postpone(applyId, { seconds: 0, attempts: 0 });
  }

  /** Never rejects. */
  private async tryToRestore(cutOff: CutOffApply): Promise<void> {
    try {
      await this.restore(cutOff, AbortSignal.timeout(applyWaits.deadlineMs));
    } catch (thrown) {
      await this.tryLater(cutOff, toAppError(thrown));
    }
  }

  private async tryLater({ applyId, attempts }: CutOffApply, error: AppError): Promise<void> {
    const next = nextRestore(attempts, error);
    // Told once, because it may go on for as long as an infrastructure is away.
    if (attempts === 0 && next.attempts === 1)
      this.logger.warn(`apply ${applyId} is not taken back yet: ${error.message}`);
    await this.store.postpone(applyId, next).catch((thrown: unknown) => {
      this.logger.warn(`apply ${applyId} is looked after again when its claim is over: ${toAppError(thrown).message}`);
    });
  }

  private async restore(cutOff: CutOffApply, deadline: AbortSignal): Promise<void> {
    const { place, lease } = await this.borrow(cutOff);
    const end = await this.endUnder(lease, cutOff, place, deadline);
    if (end === null) return;
    await this.store.close(cutOff, end);
    if (end.reason !== null) this.logger.warn(`apply ${cutOff.applyId} was cut off, and is ${end.state}`);
  }

  private async borrow(cutOff: CutOffApply): Promise<{ readonly place: Place; readonly lease: ApplyLease }> {
    const { sessionId, actor, applyId } = cutOff;
    const envelope = { actor, correlationId: newId(), id: applyId };
    try {
      const place = await this.places.require('apply', sessionId, envelope);
      // Not under the name of the apply: the provisioner must not take it for carried out.
      return { place, lease: await this.leases.begin({ sessionId, applyId: newId(), envelope }) };
    } catch (error) {
      const end = endWithoutSession(toAppError(error));
      if (end) await this.store.close(cutOff, end);
      throw error;
    }
  }

  /** @returns null when it has ended before the lease was had. */
  private async endUnder(
    lease: ApplyLease,
    cutOff: CutOffApply,
    place: Place,
    deadline: AbortSignal,
  ): Promise<CutOffEnd | null> {
    const stop = AbortSignal.any([this.shutdown.signal, lease.lost]);
    const signal = AbortSignal.any([deadline, stop]);
    let outcome: ApplyOutcome = { kind: 'unchanged' };
    try {
      // Otherwise the session may hold by now what was applied since, which may have written the same.
      if ((await this.store.find(cutOff.sessionId))?.applyId !== cutOff.applyId) return null;
      const known = judgeCutOff(cutOff, lease.appliedBy);
      if (known) return known;
      outcome = { kind: 'unsettled' };
      const taken = await takeBack(cutOff, place, lease, signal).catch((error: unknown) =>
        stop.aborted ? null : unrestorable(toAppError(error)),
      );
      if (taken === null || stop.aborted) throw lease.lost.aborted ? takenBack() : restarting();
      await lease.settle(taken.outcome);
      return taken.end;
    } finally {
      await lease.close(outcome);
    }
  }
}
