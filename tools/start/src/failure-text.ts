import { AppError } from '@nalabo/kernel';
import { SetupError } from '@nalabo/setup';

/** One line for what a person can act on; anything else is a mistake of ours and shows where. */
export function failureText(error: unknown): string {
  if (error instanceof SetupError || error instanceof AppError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
