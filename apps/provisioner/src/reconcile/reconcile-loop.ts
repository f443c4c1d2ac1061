import { newId, toAppError } from '@nalabo/kernel';
import { leaseMilliseconds } from '@nalabo/session';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SessionClaims, type Claim } from './session-claims.js';
import { SessionReconciler } from './session-reconciler.js';

const concurrentPasses = 8;
/** The longest sleep between two looks at the table: what bounds the delay when another replica changed it. */
const sweepMilliseconds = 1000;
const failurePauseMilliseconds = 1000;

/**
 * Works on every session that is due, on as many at a time as there are slots. It exists because nothing else brings a
 * session on: messages, start-up and timers only make a row due. The table is the queue, so a restart resumes by itself.
 */
@Injectable()
export class ReconcileLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ReconcileLoop.name);
  private readonly holder = newId();
  private readonly shutdown = new AbortController();
  private readonly passes = new Set<Promise<void>>();
  private running: Promise<void> = Promise.resolve();
  private rouse: () => void = () => undefined;
  private isDue = false;

  constructor(
    private readonly claims: SessionClaims,
    private readonly reconciler: SessionReconciler,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    this.rouse();
    await this.running;
    await Promise.allSettled(this.passes);
  }

  /** Some row has become due: look now instead of at the next sweep. */
  wake(): void {
    this.isDue = true;
    this.rouse();
  }

  private async run(): Promise<void> {
    while (!this.shutdown.signal.aborted) {
      this.isDue = false;
      const pause = await this.sweep().catch((error: unknown) => {
        this.logger.warn(`the session table could not be read: ${toAppError(error).message}`);
        return failurePauseMilliseconds;
      });
      if (!this.isDue) await this.sleep(pause);
    }
  }

  /** Starts a pass for each row that is due, and answers how long nothing else will be. */
  private async sweep(): Promise<number> {
    const free = concurrentPasses - this.passes.size;
    if (free <= 0) return sweepMilliseconds;
    const claimed = await this.claims.claimDue(this.holder, free);
    for (const claim of claimed) this.start(claim);
    if (claimed.length === free) return sweepMilliseconds;
    const next = await this.claims.untilNextDue();
    return Math.min(sweepMilliseconds, next ?? sweepMilliseconds);
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
    const renewal = setInterval(() => void this.renew(claim, lost), leaseMilliseconds / 3);
    try {
      await this.reconciler.reconcile(claim, AbortSignal.any([this.shutdown.signal, lost.signal]));
    } finally {
      clearInterval(renewal);
    }
  }

  private async renew(claim: Claim, lost: AbortController): Promise<void> {
    try {
      if (!(await this.claims.renew(claim))) lost.abort();
    } catch (error) {
      this.logger.warn(`the lease of session ${claim.row.id} was not renewed: ${toAppError(error).message}`);
    }
  }

  private sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
