import { describe, expect, it } from 'vitest';
import { takeToken, type TokenBucket } from './token-bucket.js';

const policy = { perSecond: 50, burst: 100 };

function takeMany(count: number, now: number, start?: TokenBucket) {
  let bucket = start;
  let allowed = 0;
  for (let index = 0; index < count; index += 1) {
    const taken = takeToken(bucket, now, policy);
    bucket = taken.bucket;
    if (taken.isAllowed) allowed += 1;
  }
  return { allowed, bucket };
}

describe('a token bucket', () => {
  it('lets a burst through and refuses the rest with a time to retry', () => {
    const { allowed, bucket } = takeMany(150, 0);
    expect(allowed).toBe(100);
    expect(takeToken(bucket, 0, policy)).toMatchObject({ isAllowed: false, retryAfterSeconds: 1 });
  });

  it('fills at its rate and never above the burst', () => {
    const { bucket } = takeMany(100, 0);
    expect(takeMany(100, 1000, bucket).allowed).toBe(50);
    expect(takeMany(300, 3_600_000, bucket).allowed).toBe(100);
  });

  it('does not lose tokens when the clock steps back', () => {
    const { bucket } = takeMany(50, 10_000);
    expect(takeMany(100, 0, bucket).allowed).toBe(50);
  });
});
