import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 50;

/** Asks again and again until the answer is true. False when the deadline (milliseconds from now) passed first. */
export async function pollUntil(condition: () => Promise<boolean>, deadlineMs: number): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await pause(PAUSE_MS);
  }
  return true;
}
