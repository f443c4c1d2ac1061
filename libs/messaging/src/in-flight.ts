import { setTimeout as delay } from 'node:timers/promises';

/** The handlers that run now. A tracked task handles its own errors: it never rejects. */
export class InFlight {
  private readonly tasks = new Set<Promise<void>>();

  get size(): number {
    return this.tasks.size;
  }

  track(task: Promise<void>): void {
    const tracked = task.finally(() => this.tasks.delete(tracked));
    this.tasks.add(tracked);
  }

  /** Resolves when fewer than `limit` tasks run. */
  async below(limit: number): Promise<void> {
    while (this.tasks.size >= limit) await Promise.race(this.tasks);
  }

  /** Waits until nothing runs or the time is over, and says how many tasks still run. */
  async settle(milliseconds: number): Promise<number> {
    const expired = new AbortController();
    const deadline = delay(milliseconds, undefined, { signal: expired.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.tasks), deadline]);
    expired.abort();
    return this.tasks.size;
  }
}
