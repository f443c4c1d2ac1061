import type { Idempotency } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { otherRequest } from '../idempotency/other-request.js';
import { type CommandCounts, refuseCommand } from './admission.js';

/** What the database says of a command that asked to be accepted. */
export interface StartAnswer extends CommandCounts {
  /** Null when it was not accepted. */
  readonly startedAt: Date | null;
  /** What the same idempotency key started before. */
  readonly earlier: { readonly executionId: string; readonly digest: string } | null;
}

export type StartDecision =
  | { readonly kind: 'started'; readonly startedAt: Date }
  | { readonly kind: 'repeated'; readonly executionId: string }
  | { readonly kind: 'refused'; readonly error: AppError };

/** What became of a command that asked to be accepted. */
export function decideStart(executionId: string, idempotency: Idempotency | null, answer: StartAnswer): StartDecision {
  const { startedAt, earlier } = answer;
  if (earlier && earlier.digest === idempotency?.digest) return { kind: 'repeated', executionId: earlier.executionId };
  if (earlier) return { kind: 'refused', error: otherRequest() };
  if (startedAt) return { kind: 'started', startedAt };
  const error = refuseCommand(answer) ?? new AppError('conflict', `execution ${executionId} was already accepted`);
  return { kind: 'refused', error };
}
