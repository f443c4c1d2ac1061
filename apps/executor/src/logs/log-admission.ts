import { serviceLogLimits } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';

/** Null when one more reader may come to the logs of a session, otherwise the refusal. */
export function refuseReader(readersOfSession: number): AppError | null {
  const { readersPerSession } = serviceLogLimits;
  if (readersOfSession < readersPerSession) return null;
  return new AppError('exhausted', `the limit of ${readersPerSession} readers of logs in a session is reached`, {
    details: { retryAfterSeconds: 5 },
  });
}

/** Whether so much is sent that nothing more is read before the client has taken some of it. */
export function mustWait(sent: number, taken: number): boolean {
  return sent - taken >= serviceLogLimits.untakenBytes;
}
