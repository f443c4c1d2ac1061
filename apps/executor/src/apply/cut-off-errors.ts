import { AppError } from '@nalabo/kernel';

/** What a client is told whose apply was cut off by the loss of its session. */
export function takenBack(): AppError {
  return new AppError('conflict', 'the session was taken back from an apply', {
    publicMessage: 'The session ended, or was taken back, before the configuration was applied: it is not.',
  });
}

/** What a client is told whose apply was cut off by the end of this process. */
export function restarting(cause?: unknown): AppError {
  return new AppError('unavailable', 'this executor stops before the configuration was applied', {
    cause,
    publicMessage: 'The service is being restarted. Nothing was applied.',
    details: { retryAfterSeconds: 2 },
  });
}
