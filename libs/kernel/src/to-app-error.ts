import { AppError } from './app-error.js';

/** Turns any thrown value into an AppError and keeps the cause. An unknown error is our mistake: `internal`. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error) return new AppError('internal', thrown.message, { cause: thrown });
  return new AppError('internal', String(thrown), { cause: thrown });
}
