import type { Envelope } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';

/** The session that a fact is about. AppError `invalid_input` when it names none, which is the sender's mistake. */
export function sessionOf({ sessionId, type, id }: Envelope): string {
  if (sessionId === null) throw new AppError('invalid_input', `the fact ${type} ${id} names no session`);
  return sessionId;
}
