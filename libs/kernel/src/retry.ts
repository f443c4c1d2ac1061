import { setTimeout as delay } from 'node:timers/promises';
import { backoffDelay, type BackoffPolicy } from './backoff.js';

export interface RetryOptions extends BackoffPolicy {
  readonly attempts: number;
  readonly signal?: AbortSignal;
  readonly isWorthRetrying: (error: unknown) => boolean;
}

/** Runs `attempt` until it succeeds, the attempts are used up, the error is not worth retrying, or the signal aborts. */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (failures >= options.attempts || !options.isWorthRetrying(error)) throw error;
      await delay(backoffDelay(failures, options), undefined, options.signal ? { signal: options.signal } : {});
    }
  }
}
