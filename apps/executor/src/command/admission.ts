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
  if (counts.startedByOwnerLastMinute >= limits.perMinutePerOwner) {
    return exhausted(`the limit of ${limits.perMinutePerOwner} commands a minute is reached`, 10);
  }
  return null;
}

function exhausted(message: string, retryAfterSeconds: number): AppError {
  return new AppError('exhausted', message, { details: { retryAfterSeconds } });
}
