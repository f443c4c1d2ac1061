/** What one command, one session and one owner may take. */
export const commandLimits = {
  concurrentPerSession: 8,
  perMinutePerOwner: 600,
  /** Bytes of each output stream that are kept and answered. */
  keptBytesPerStream: 256 * 1024,
  /** Bytes of each output stream that are read before the command is killed. */
  drainedBytesPerStream: 64 * 1024 * 1024,
  /** How long a killed command's end is waited for before nobody can say what became of it. */
  killGraceMilliseconds: 10_000,
  /** How long running commands may go on when the process is asked to stop. */
  shutdownGraceMilliseconds: 20_000,
} as const;
