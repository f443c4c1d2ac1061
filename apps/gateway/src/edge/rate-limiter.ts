import type { Clock } from '@nalabo/kernel';
import { AppError } from '@nalabo/kernel';
import { takeToken, type RatePolicy, type TokenBucket } from './token-bucket.js';

/** Per key and per replica. Only known keys are counted, so the map is as large as the table of keys at most. */
export class RateLimiter {
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(
    private readonly clock: Clock,
    private readonly policy: RatePolicy,
  ) {}

  /** Throws `exhausted` with the seconds to wait when the key is over its limit. */
  admit(keyId: string): void {
    const taken = takeToken(this.buckets.get(keyId), this.clock.now().getTime(), this.policy);
    this.buckets.set(keyId, taken.bucket);
    if (taken.isAllowed) return;
    throw new AppError('exhausted', 'This key has sent too many requests.', {
      details: { retryAfterSeconds: taken.retryAfterSeconds },
    });
  }
}
