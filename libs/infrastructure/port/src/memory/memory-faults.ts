import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@nalabo/kernel';

export const ensureSteps = ['network', 'volumes', 'create', 'start', 'ready'] as const;
export type EnsureStep = (typeof ensureSteps)[number];

/** What goes wrong on a memory backend. Every switch stays as it is set until a test sets it back. */
export class MemoryFaults {
  /** Calls fail with `unavailable` and the probe answers that the backend cannot be reached. */
  unavailable = false;
  /** How long each call and each step of `ensure` takes, in milliseconds. */
  slowMilliseconds = 0;
  /** `ensure` fails with `unavailable` when it comes to this step; the steps before it stay done. */
  failEnsureAtStep: EnsureStep | null = null;
  /** Calls do their work and then fail with `timeout`; a command ends as `lost`. */
  loseReply = false;
  /** `list` alone fails, with `unavailable`. */
  listFails = false;
  /** Calls answer nothing until their signal aborts. */
  hang = false;

  /** Runs one call to the backend with the faults that are switched on now. */
  async call<T>(attempted: string, signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
    await this.pass(attempted, signal);
    const answer = await work();
    if (this.loseReply) throw new AppError('timeout', `${attempted}: the reply was lost`);
    return answer;
  }

  /** One of the steps of `ensure`. An abort takes effect before a step, never in the middle of one. */
  async passStep(step: EnsureStep, signal: AbortSignal): Promise<void> {
    await this.pass(`ensure step ${step}`, signal);
    if (this.failEnsureAtStep === step) throw new AppError('unavailable', `ensure failed at step ${step}`);
  }

  private async pass(attempted: string, signal: AbortSignal): Promise<void> {
    // Even a healthy backend answers later and not at once, so that callers which forget to wait are found out.
    await delay(this.slowMilliseconds, undefined, { signal }).catch(() => undefined);
    if (this.hang && !signal.aborted) await once(signal, 'abort');
    if (signal.aborted) throw abortedError(attempted, signal);
    if (this.unavailable) throw new AppError('unavailable', `${attempted}: the memory backend is switched off`);
  }
}

function abortedError(attempted: string, signal: AbortSignal): AppError {
  const isTimeLimit = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
  return isTimeLimit
    ? new AppError('timeout', `${attempted}: no answer in time`, { cause: signal.reason })
    : new AppError('cancelled', `${attempted}: aborted`, { cause: signal.reason });
}
