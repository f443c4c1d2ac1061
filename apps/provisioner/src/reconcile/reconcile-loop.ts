import { toAppError } from '@nalabo/kernel';
import { BackgroundLoop, Database } from '@nalabo/persistence';
import { leaseRenewalMilliseconds, leaseSeconds } from '@nalabo/session';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SessionClaims, type Claim } from './session-claims.js';
import { SessionReconciler } from './session-reconciler.js';

const concurrentPasses = 8;
/** The longest time between two looks at the table: what bounds the delay when another replica changed it. */
const sweepMilliseconds = 1000;

/**
 * Works on every session that is due, on as many at a time as there are slots. It exists because nothing else brings a
 * session on: messages, start-up and timers only make a row due. The table is the queue, so a restart resumes by itself.
 */
@Injectable()
export class ReconcileLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ReconcileLoop.name);
  private readonly shutdown = new AbortController();
  private readonly passes = new Set<Promise<void>>();
  private readonly loop = new BackgroundLoop({
    pass: () => this.sweep(),
    intervalMilliseconds: sweepMilliseconds,
    backoff: { firstMilliseconds: 500, factor: 2, maximumMilliseconds: 5000 },
    onFailure: (error) => this.logger.warn(`the session table could not be read: ${toAppError(error).message}`),
  });

  constructor(
    private readonly claims: SessionClaims,
    private readonly reconciler: SessionReconciler,
    private readonly database: Database,
  ) {}

  onApplicationBootstrap(): void {
    // A database that is away at start is reported once, by its own module.
    void this.database.whenOpen().then(() => this.loop.start());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    await this.loop.stop();
    await Promise.allSettled(this.passes);
  }

  /** Some row has become due: look now instead of at the next sweep. */
  wake(): void {
    this.loop.wake();
  }

  /** Starts a pass for each row that is due, and answers when to look again. */
  private async sweep(): Promise<boolean | number> {
    const free = concurrentPasses - this.passes.size;
    // The end of a pass wakes the loop, so there is no need to ask before a slot is free.
    if (free <= 0) return false;
    const claimed = await this.claims.claimDue(free);
    for (const claim of claimed) this.start(claim);
    if (claimed.length === free) return false;
    return (await this.claims.untilNextDue()) ?? false;
  }

  private start(claim: Claim): void {
    const pass = this.work(claim)
      .catch((error: unknown) => this.logger.warn(`session ${claim.row.id}: ${toAppError(error).message}`))
      .finally(() => {
        this.passes.delete(pass);
        this.wake();
      });
    this.passes.add(pass);
  }

  private async work(claim: Claim): Promise<void> {
    const lost = new AbortController();
    // What can't be renewed in time may be somebody else's by then: nothing more is started in its name.
    const end = setTimeout(() => lost.abort(), leaseSeconds * 1000);
    const renewal = setInterval(() => void this.renew(claim, lost, end), leaseRenewalMilliseconds);
    try {
      await this.reconciler.reconcile(claim, AbortSignal.any([this.shutdown.signal, lost.signal]));
    } finally {
      clearInterval(renewal);
      clearTimeout(end);
    }
  }

  private async renew(claim: Claim, lost: AbortController, end: NodeJS.Timeout): Promise<void> {
    try {
      if (await this.claims.renew(claim)) end.refresh();
      else lost.abort();
    } catch (error) {
      this.logger.warn(`the lease of session ${claim.row.id} was not renewed: ${toAppError(error).message}`);
    }
  }
}
