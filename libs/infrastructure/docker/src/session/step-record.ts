import type { ProgressStep } from '@nalabo/contracts';
import { type AppError, toAppError } from '@nalabo/kernel';
import type { Observation } from '@nalabo/infrastructure-port';

/** Told after each step; it is awaited, so a test can stop the process exactly there. */
export type OnStep = (step: string, sessionId: string) => void | Promise<void>;

/** The steps of one `ensure`, with timings. */
export class StepRecord {
  private readonly done: ProgressStep[] = [];

  constructor(
    private readonly sessionId: string,
    private readonly onStep: OnStep | undefined,
  ) {}

  get steps(): readonly ProgressStep[] {
    return this.done;
  }

  async step<T>(step: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const result = await work();
    await this.add({ step, status: 'done', durationMs: since(startedAt) });
    return result;
  }

  /** A step that may fail although the session can be used. @returns why it has failed. */
  async attempt(step: string, work: () => Promise<void>): Promise<AppError | undefined> {
    const startedAt = performance.now();
    const failure = await work().then(() => undefined, toAppError);
    await this.add({ step, status: failure ? 'failed' : 'done', durationMs: since(startedAt) });
    return failure;
  }

  /** A step that is done only when the observation says so. */
  async observe(step: string, look: () => Promise<Observation>): Promise<Observation> {
    const startedAt = performance.now();
    const observation = await look();
    const isReady = observation.presence === 'present' && observation.readiness === 'ready';
    await this.add(
      isReady ? { step, status: 'done', durationMs: since(startedAt) } : { step, status: 'running', durationMs: null },
    );
    return observation;
  }

  private async add(step: ProgressStep): Promise<void> {
    this.done.push(step);
    await this.onStep?.(step.step, this.sessionId);
  }
}

function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}
