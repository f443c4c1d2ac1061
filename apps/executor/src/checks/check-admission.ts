import { AppError } from '@nalabo/kernel';
import { refuseByRate } from '../command/admission.js';
import { commandLimits } from '../command/limits.js';

/** Requests that run checks in one session at the same time. Each runs its checks one after another. */
const concurrentRunsPerSession = 4;

export interface CheckCounts {
  readonly runningInSession: number;
  readonly startedByOwnerLastMinute: number;
}

/** Null when so many more checks may run, otherwise the refusal. Each counts like a command, and so does each further try. */
export function refuseChecks(counts: CheckCounts, added: number, limits = commandLimits): AppError | null {
  if (counts.runningInSession >= concurrentRunsPerSession) {
    return new AppError(
      'exhausted',
      `the limit of ${concurrentRunsPerSession} requests for checks at a time is reached`,
      {
        details: { retryAfterSeconds: 1 },
      },
    );
  }
  return refuseByRate(counts.startedByOwnerLastMinute + Math.max(added - 1, 0), limits);
}
