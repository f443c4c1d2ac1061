import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
  /** Default 30 s: no measure of how fast something is, but of how long a busy machine is given for it. */
  readonly timeoutMs?: number;
  /** Default 25 ms. */
  readonly intervalMs?: number;
}

/**
 * Repeats the probe until it stops throwing, and gives its value; a probe usually holds an `expect`. After the deadline
 * the probe's last error is thrown, so that a failing test says what it last saw.
 */
export async function eventually<T>(probe: () => T | Promise<T>, patience: Patience = {}): Promise<T> {
  const deadline = performance.now() + (patience.timeoutMs ?? 30_000);
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(patience.intervalMs ?? 25);
    }
  }
}
