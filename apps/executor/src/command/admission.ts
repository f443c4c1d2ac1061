import { AppError } from '@nalabo/kernel';
import { commandLimits } from './limits.js';

export interface CommandCounts {
  readonly runningInSession: number;
  readonly startedByOwnerLastMinute: number;
}

/** Null when one more command may start, otherwise the refusal. */
export function refuseCommand(counts: CommandCounts, limits = commandLimits): AppError | null {
  if (counts.runningInSession >= limits.concurrentPerSession) {
    return exhausted(`the limit of ${limits.concurrentPerSession} running commands in a session is reached`, 1);
  }
  return refuseByRate(counts.startedByOwnerLastMinute, limits);
}

/** The same for an apply and for a check, which count like commands. */
export function refuseByRate(startedByOwnerLastMinute: number, limits = commandLimits): AppError | null {
  if (startedByOwnerLastMinute < limits.perMinutePerOwner) return null;
  return exhausted(`the limit of ${limits.perMinutePerOwner} commands, applies and checks a minute is reached`, 10);
}

function exhausted(message: string, retryAfterSeconds: number): AppError {
  return new AppError('exhausted', message, { details: { retryAfterSeconds } });
}
