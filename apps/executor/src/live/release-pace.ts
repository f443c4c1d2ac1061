import { outputFrameLimits } from '@nalabo/contracts';

/**
 * Says when output that has come is sent on: at once after a silence, so that nobody waits for the first of it; what follows
 * soon after goes together.
 */
export class ReleasePace {
  private timer: NodeJS.Timeout | undefined;
  private releasedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly release: () => void) {}

  /** There is something to be released. */
  hasCome(): void {
    const restMs = this.releasedAt + outputFrameLimits.milliseconds - performance.now();
    if (restMs <= 0) this.now();
    else this.timer ??= setTimeout(() => this.now(), restMs);
  }

  /** Whatever waits is released by somebody else, or not at all. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private now(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.releasedAt = performance.now();
    this.release();
  }
}
