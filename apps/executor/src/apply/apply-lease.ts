import type { StoredModel } from '@nalabo/contracts';
import type { AppliedModel, ManifestsModel } from '@nalabo/infrastructure-port';
import { AppError, isRetryable, retry, toAppError } from '@nalabo/kernel';
import { Logger } from '@nestjs/common';
import type { ApplyOutcome } from './apply-attempt.js';
import { takenBack } from './cut-off-errors.js';

export interface Grant {
  readonly leaseSeconds: number;
  readonly images: readonly string[];
  readonly current: StoredModel | null;
  readonly appliedBy: string | null;
  readonly initial: StoredModel | null;
}

/** The questions to the provisioner about one lease. */
export interface LeaseCalls {
  /** Whether it is held for another `leaseSeconds`. */
  renew(): Promise<boolean>;
  /** Whether what was applied is stored. */
  end(outcome: ApplyOutcome): Promise<boolean>;
}

/** Long enough for a connection to come back, within the margin that the answer to an apply has. */
const endRetry = { attempts: 3, firstMilliseconds: 100, factor: 4, maximumMilliseconds: 1000 };

/** The right to change what a session holds, for as long as the provisioner renews it. */
export class ApplyLease {
  private readonly logger = new Logger(ApplyLease.name);
  private readonly takenAway = new AbortController();
  private readonly renewal: NodeJS.Timeout;
  private expiry: NodeJS.Timeout;
  private isStopped = false;
  private isEnded = false;

  /** @param askedAt By `performance.now()`: a lease is as old as the question for it. */
  constructor(
    private readonly grant: Grant,
    private readonly calls: LeaseCalls,
    askedAt: number,
  ) {
    this.expiry = this.expireFrom(askedAt);
    this.renewal = setInterval(() => void this.renew(), (grant.leaseSeconds * 1000) / 3);
  }

  get images(): readonly string[] {
    return this.grant.images;
  }

  /** What the session holds; made by an executor and kept as it was. */
  get current(): AppliedModel | null {
    return this.grant.current as AppliedModel | null;
  }

  /** The apply by which the session holds that; null when none has ended well. */
  get appliedBy(): string | null {
    return this.grant.appliedBy;
  }

  /** The manifests that the session was made with: nobody but its applies remembers what came after. */
  get initial(): ManifestsModel | null {
    return this.grant.initial as ManifestsModel | null;
  }

  /** Aborts with an AppError `gone` when nothing may be touched any more. */
  get lost(): AbortSignal {
    return this.takenAway.signal;
  }

  /**
   * Gives the session back, and commits what it holds now if that is known.
   * @throws AppError `conflict` when what was applied could not be committed: the provisioner removes or restores.
   */
  async settle(outcome: ApplyOutcome): Promise<void> {
    if (this.lost.aborted) throw takenBack();
    this.stop();
    const isCommitted = await retry(() => this.calls.end(outcome), { ...endRetry, isWorthRetrying });
    this.isEnded = true;
    if (outcome.kind === 'applied' && !isCommitted) throw takenBack();
  }

  /** Gives the session back if nobody has yet. Without an answer the lease ends by itself. */
  async close(outcome: ApplyOutcome): Promise<void> {
    this.stop();
    if (this.isEnded) return;
    await this.calls.end(outcome.kind === 'applied' ? { kind: 'unsettled' } : outcome).catch((error: unknown) => {
      this.logger.warn(`a lease was not given back: ${toAppError(error).message}`);
    });
  }

  private async renew(): Promise<void> {
    const askedAt = performance.now();
    try {
      if (!(await this.calls.renew())) return this.lose('the provisioner has taken it back');
      if (this.isStopped) return;
      clearTimeout(this.expiry);
      this.expiry = this.expireFrom(askedAt);
    } catch (error) {
      this.logger.warn(`a lease was not renewed: ${toAppError(error).message}`);
    }
  }

  private expireFrom(askedAt: number): NodeJS.Timeout {
    const left = askedAt + this.grant.leaseSeconds * 1000 - performance.now();
    return setTimeout(() => this.lose('it could not be renewed'), left);
  }

  private lose(why: string): void {
    this.stop();
    this.takenAway.abort(new AppError('gone', `the lease of an apply is lost: ${why}`));
  }

  private stop(): void {
    this.isStopped = true;
    clearInterval(this.renewal);
    clearTimeout(this.expiry);
  }
}

function isWorthRetrying(error: unknown): boolean {
  return isRetryable(toAppError(error));
}
