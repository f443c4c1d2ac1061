import { absent, TargetRegistry, type Observation, type SessionRef } from '@nalabo/infrastructure-port';
import { AppError, assertNever, toAppError, type SessionId } from '@nalabo/kernel';
import { decide, settledPollMilliseconds, type AdmissionLimits, type Decision } from '@nalabo/session';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { admissionLimits } from '../sessions/admission-limits.js';
import { SessionSpecs } from '../sessions/session-specs.js';
import type { SessionEntity } from '../sessions/session.entity.js';
import * as changes from './changes.js';
import type { Change } from './changes.js';
import { SessionClaims, type Claim } from './session-claims.js';

/** A pass that hasn't come to rest after this many steps has a defect; it is put off rather than run hot. */
const maximumSteps = 12;
const providerCallMilliseconds = 60_000;

interface Step {
  readonly row: SessionEntity;
  readonly seen: Observation;
  readonly now: Date;
  readonly signal: AbortSignal;
}

function refOf(row: SessionEntity): SessionRef {
  return { sessionId: row.id as SessionId, generation: row.generation };
}

/** One session at a time: observe, decide, do at most one thing, save, and again until there is something to wait for. */
@Injectable()
export class SessionReconciler {
  private readonly logger = new Logger('Session');

  constructor(
    private readonly claims: SessionClaims,
    private readonly targets: TargetRegistry,
    private readonly specs: SessionSpecs,
    @Inject(admissionLimits) private readonly limits: AdmissionLimits,
  ) {}

  async reconcile(claim: Claim, shutdown: AbortSignal): Promise<void> {
    let current: SessionEntity | undefined = claim.row;
    for (let step = 0; current && step < maximumSteps; step += 1) {
      const pass: Claim = { row: current, lease: claim.lease };
      current = await this.claims.save(pass, await this.next(current, shutdown));
    }
    if (current) await this.claims.save({ row: current, lease: claim.lease }, changes.pause(await this.soon()));
  }

  private async soon(): Promise<Date> {
    return new Date((await this.claims.now()).getTime() + settledPollMilliseconds);
  }

  private async next(row: SessionEntity, shutdown: AbortSignal): Promise<Change> {
    const signal = AbortSignal.any([shutdown, AbortSignal.timeout(providerCallMilliseconds)]);
    const seen = await this.look(row, signal);
    const now = await this.claims.now();
    const decision = decide(row, seen instanceof AppError ? { presence: 'unknown' } : seen, now);
    if (decision.action === 'terminate') {
      return changes.toTerminating(row, decision.reason, decision.cause, seen instanceof AppError ? null : seen);
    }
    if (!(seen instanceof AppError)) return this.carryOut(decision, { row, seen, now, signal });
    return changes.unseen(row, seen, decision.action === 'wait' ? decision.until : now, now);
  }

  /** What is there, or why nobody can say. */
  private async look(row: SessionEntity, signal: AbortSignal): Promise<Observation | AppError> {
    // Before the first side effect there is nothing to see.
    if (row.state === 'REQUESTED') return absent;
    try {
      return await this.targets.get(row.target).observe.observe(refOf(row), signal);
    } catch (error) {
      return this.noted('could not be looked at', row, error);
    }
  }

  private async carryOut(decision: Exclude<Decision, { action: 'terminate' }>, step: Step): Promise<Change> {
    const { row, now, seen } = step;
    switch (decision.action) {
      case 'provision':
        return changes.toProvisioning(row, now, this.limits.provisionsPerTarget);
      case 'ensure':
        return this.ensure(step);
      case 'become_ready':
        return changes.toReady(row, seen, now);
      case 'restart':
        return changes.restartCounted(row, decision.cause, decision.retryAt);
      case 'destroy':
        return this.destroy(step);
      case 'finish':
        return changes.toTerminated(row, now);
      case 'wait':
        return changes.waiting(row, decision.until, seen);
      case 'settled':
        return changes.pause(now);
      default:
        return assertNever(decision);
    }
  }

  private async ensure({ row, seen, now, signal }: Step): Promise<Change> {
    try {
      const target = this.targets.get(row.target);
      return changes.ensured(row, await target.lifecycle.ensure(await this.specs.of(row), signal), now);
    } catch (error) {
      const isOnlyApplied = row.state === 'READY' && changes.isWell(seen);
      if (isOnlyApplied) return changes.restoreFailed(row, this.noted('was not restored', row, error), now);
      return changes.ensureFailed(row, this.noted('was not built', row, error), now);
    }
  }

  private async destroy({ row, now, signal }: Step): Promise<Change> {
    try {
      return changes.destroyed(row, await this.targets.get(row.target).lifecycle.destroy(refOf(row), signal));
    } catch (error) {
      return changes.destroyFailed(row, this.noted('was not removed', row, error), now);
    }
  }

  /** Clients are told the public message only; the whole one is for operators. The same one again is not news. */
  private noted(what: string, row: SessionEntity, thrown: unknown): AppError {
    const error = toAppError(thrown);
    if (error.kind !== 'cancelled' && error.publicMessage !== row.lastError) {
      this.logger.warn(`${row.id} ${what}: ${error.message}`);
    }
    return error;
  }
}
