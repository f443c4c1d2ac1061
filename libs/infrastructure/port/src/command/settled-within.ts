import { setTimeout as pause } from 'node:timers/promises';

/** Whether the promise, successful or not, settles in time. */
export async function settledWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const timer = new AbortController();
  const isSettled = promise.then(
    () => true,
    () => true,
  );
  const isLate = pause(milliseconds, false, { signal: timer.signal }).catch(() => false);
  const settled = await Promise.race([isSettled, isLate]);
  timer.abort();
  return settled;
}
