import type { Actor, ReplyOf, rpcs } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { mayAct } from '@nalabo/session';

type Session = Pick<ReplyOf<typeof rpcs.provisioner.resolveSession>, 'sessionId' | 'ownerId' | 'state'>;

/** A fact needs no longer from the provisioner's outbox to a receipt, unless something is away. */
const writtenWithinSeconds = 1;

/** Why there is no receipt of a session that the provisioner knows. */
export function missingReceipt(actor: Actor, { sessionId, ownerId, state }: Session): AppError {
  if (!mayAct(actor, 'read', { ownerId })) return noSuchSession(sessionId);
  if (state !== 'TERMINATED') {
    return new AppError('conflict', `session ${sessionId} has not ended: there is no receipt yet`);
  }
  return new AppError('conflict', `session ${sessionId} has ended and its receipt is being written`, {
    details: { retryAfterSeconds: writtenWithinSeconds },
  });
}

/** A foreign session and a missing one are the same answer, so that ids cannot be probed. */
export function noSuchSession(sessionId: string): AppError {
  return new AppError('not_found', `there is no session ${sessionId}`);
}
