import { type ServiceLogEnd, serviceLogLimits } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';

/** `left`: nobody is there any more who could be told. */
export type ReadingEnd = ServiceLogEnd | 'left';

/** Null when one more reader may come to the logs of a session, otherwise the refusal. */
export function refuseReader(readersOfSession: number): AppError | null {
  const { readersPerSession } = serviceLogLimits;
  if (readersOfSession < readersPerSession) return null;
  return new AppError('exhausted', `the limit of ${readersPerSession} readers of logs in a session is reached`, {
    details: { retryAfterSeconds: 5 },
  });
}

/** Why a log is not read that was ended while it was being opened; null when there is no more to say than what was thrown. */
export function refuseEnded(end: ReadingEnd | undefined): AppError | null {
  if (end === 'session_over') return new AppError('conflict', 'the session is ending');
  if (end !== 'shutdown') return null;
  const publicMessage = 'The service is being restarted.';
  return new AppError('unavailable', 'the executor is stopping', { publicMessage, details: { retryAfterSeconds: 2 } });
}

/** Whether so much is sent that nothing more is read before the client has taken some of it. */
export function mustWait(sent: number, taken: number): boolean {
  return sent - taken >= serviceLogLimits.untakenBytes;
}
