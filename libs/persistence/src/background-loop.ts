import { backoffDelay, type BackoffPolicy } from '@nalabo/kernel';
import { restAfter } from './rest-after.js';

export interface BackgroundLoopOptions {
  /**
   * One pass. True when there is more to do at once, false to rest for the interval, and a number of milliseconds to rest
   * until something is due, at most for the interval.
   */
  readonly pass: () => Promise<boolean | number>;
  readonly intervalMilliseconds: number;
  /** From the start of one pass to the next at least, so that what comes in quick succession is done together. Default: 0. */
  readonly spacingMilliseconds?: number;
  readonly backoff: BackoffPolicy;
  /** Told of each failed pass, with the number of failures in a row. */
  readonly onFailure: (error: unknown, failures: number) => void;
}

/** Repeats a pass: at once while there is more to do or someone called `wake`, else by the interval, after failures slower. */
export class BackgroundLoop {
  private running: Promise<void> | undefined;
  private isStopping = false;
  private isWoken = false;
  private endRest: (() => void) | undefined;
  private isHeld = false;
  private wakeTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: BackgroundLoopOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Asks for a pass soon. Neither the spacing nor the backing off after failures is shortened. */
  wake(): void {
    this.isWoken = true;
    if (!this.isHeld) this.endRest?.();
  }

  /** Asks for a pass at that time at the latest. */
  wakeWithin(milliseconds: number): void {
    if (milliseconds <= 0 || this.isStopping) return this.wake();
    this.wakeTimer ??= setTimeout(() => {
      this.wakeTimer = undefined;
      this.wake();
    }, milliseconds);
  }

  /** Settles when the pass under way has ended. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.wakeTimer);
    this.endRest?.();
    await this.running;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.isStopping) {
      this.isWoken = false;
      const startedAt = performance.now();
      try {
        const answer = await this.options.pass();
        failures = 0;
        if (answer !== true && !this.isWoken) await this.rest(restAfter(answer, this.options.intervalMilliseconds));
        await this.hold(startedAt + (this.options.spacingMilliseconds ?? 0) - performance.now());
      } catch (error) {
        failures += 1;
        this.options.onFailure(error, failures);
        await this.hold(backoffDelay(failures, this.options.backoff));
      }
    }
  }

  private async hold(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return;
    this.isHeld = true;
    // A timer drops the fraction, and the space would be a little less than was told.
    await this.rest(Math.ceil(milliseconds));
    this.isHeld = false;
  }

  private async rest(milliseconds: number): Promise<void> {
    if (this.isStopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.endRest = undefined;
  }
}
