import { commandWaits } from '@nalabo/contracts';

/** What one command, one session and one owner may take. */
export interface CommandLimits {
  readonly concurrentPerSession: number;
  /** Commands, applies and checks together. */
  readonly perMinutePerOwner: number;
  /** Bytes of each output stream that are kept and answered. */
  readonly keptBytesPerStream: number;
  /** Bytes of each output stream that are read before the command is killed. */
  readonly drainedBytesPerStream: number;
  /** How long a killed command's end is waited for before nobody can say what became of it. */
  readonly killGraceMilliseconds: number;
  /** How long running commands may go on after a stop; the transport then still has time to send their results. */
  readonly shutdownGraceMilliseconds: number;
}

export const commandLimits: CommandLimits = {
  concurrentPerSession: 8,
  perMinutePerOwner: 600,
  keptBytesPerStream: 256 * 1024,
  drainedBytesPerStream: 64 * 1024 * 1024,
  killGraceMilliseconds: commandWaits.killGraceMs,
  shutdownGraceMilliseconds: 15_000,
};

/** After so long no command is waited for any more: those that had to be killed have ended, or nobody can say. */
export const longestShutdownMilliseconds =
  commandLimits.shutdownGraceMilliseconds + commandLimits.killGraceMilliseconds + 2000;
