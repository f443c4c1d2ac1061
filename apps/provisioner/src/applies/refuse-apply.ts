import { AppError } from '@nalabo/kernel';
import type { SessionEntity } from '../sessions/session.entity.js';

type ApplyingRow = Pick<SessionEntity, 'id' | 'state' | 'desired' | 'expiresAt' | 'leaseHolder' | 'leaseUntil'>;

const holderPrefix = 'apply ';

/** The holder of a session's row while this apply changes the session. */
export function applyHolder(applyId: string): string {
  return `${holderPrefix}${applyId}`;
}

/** Whether nothing may be changed in the session any more, by what is wanted of it. */
export function hasToEnd({ desired, expiresAt }: Pick<ApplyingRow, 'desired' | 'expiresAt'>, now: Date): boolean {
  return desired === 'absent' || expiresAt <= now;
}

/** Why an apply cannot begin in a session whose row could not be had. */
export function refuseApply(row: ApplyingRow, now: Date): AppError {
  if (row.state === 'TERMINATED' || row.expiresAt <= now) return new AppError('gone', `session ${row.id} has ended`);
  if (row.state === 'TERMINATING' || row.desired === 'absent') {
    return new AppError('conflict', `session ${row.id} is ending`);
  }
  if (row.state !== 'READY') return later(`session ${row.id} is not ready yet`);
  const isHeld = row.leaseUntil !== null && row.leaseUntil > now;
  if (isHeld && row.leaseHolder?.startsWith(holderPrefix)) {
    return later(`an apply is running in session ${row.id}`, 'Another configuration is being applied in the session.');
  }
  const publicMessage = 'The session is being worked on.';
  return new AppError('conflict', `the row of session ${row.id} is held`, {
    publicMessage,
    details: { retryAfterSeconds: 2, isBusy: true },
  });
}

/** Whether the provisioner itself was in the way, which takes a moment as a rule. */
export function isBusy(error: unknown): boolean {
  return error instanceof AppError && error.details['isBusy'] === true;
}

function later(message: string, publicMessage = message): AppError {
  return new AppError('conflict', message, { publicMessage, details: { retryAfterSeconds: 2 } });
}
