import type { Actor } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';

/** Throws `forbidden` for everybody who is not an administrator. */
export function requireAdmin(actor: Actor): void {
  if (actor.role !== 'admin') throw new AppError('forbidden', 'This needs the role admin.');
}
