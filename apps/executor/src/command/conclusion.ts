import type { Outcome } from '@nalabo/contracts';
import type { CommandEnd } from '@nalabo/infrastructure-port';
import { assertNever } from '@nalabo/kernel';

/** Why we had a command killed; null when we had not. */
export type StopCause = 'timeout' | 'flood' | 'cancelled' | 'session-end' | 'shutdown' | null;

/** What a client reads of a command's end. An exit code only when the command ran and exited. */
export interface Conclusion {
  readonly outcome: Outcome;
  readonly exitCode: number | null;
  readonly startFailed: boolean;
}

const withoutExit = (outcome: Outcome): Conclusion => ({ outcome, exitCode: null, startFailed: false });

/** A command that exited while it was being stopped has still exited: its own end counts. */
export function conclude(end: CommandEnd, cause: StopCause): Conclusion {
  switch (end.kind) {
    case 'exited':
      if (end.startFailed) return { outcome: 'failed', exitCode: null, startFailed: true };
      return { outcome: end.exitCode === 0 ? 'succeeded' : 'failed', exitCode: end.exitCode, startFailed: false };
    case 'killed':
      return withoutExit(outcomeOfKill(cause));
    case 'lost':
      return withoutExit('unknown');
    default:
      return assertNever(end);
  }
}

function outcomeOfKill(cause: StopCause): Outcome {
  switch (cause) {
    case 'timeout':
      return 'timed_out';
    case 'flood':
      return 'failed';
    case 'cancelled':
    case 'session-end':
      return 'cancelled';
    case 'shutdown':
    case null:
      return 'unknown';
    default:
      return assertNever(cause);
  }
}
