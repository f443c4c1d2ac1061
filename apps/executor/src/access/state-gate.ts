import type { ReplyOf, rpcs } from '@nalabo/contracts';
import { AppError, assertNever } from '@nalabo/kernel';

/** A session as the provisioner answers it. */
export type ResolvedSession = ReplyOf<typeof rpcs.provisioner.resolveSession>;

/** Null when commands may run in the session now, otherwise the refusal. */
export function refuseByState(session: Pick<ResolvedSession, 'state' | 'expired'>): AppError | null {
  // An expired session may still be READY or TERMINATING for a moment; the caller gets the same answer in each.
  if (session.expired) return new AppError('gone', 'the session has expired');
  switch (session.state) {
    case 'READY':
      return null;
    case 'REQUESTED':
    case 'PROVISIONING':
      return new AppError('conflict', 'the session is not ready yet', { details: { retryAfterSeconds: 1 } });
    case 'TERMINATING':
      return new AppError('conflict', 'the session is ending');
    case 'TERMINATED':
      return new AppError('gone', 'the session has ended');
    default:
      return assertNever(session.state);
  }
}
