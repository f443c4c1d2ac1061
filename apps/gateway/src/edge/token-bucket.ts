export interface RatePolicy {
  readonly perSecond: number;
  readonly burst: number;
}

export interface TokenBucket {
  readonly tokens: number;
  readonly filledAt: number;
}

export interface Taken {
  readonly bucket: TokenBucket;
  readonly isAllowed: boolean;
  /** Whole seconds until a request is allowed again; 0 when this one is. */
  readonly retryAfterSeconds: number;
}

/** Takes one token at `now` (milliseconds). A key that was never seen starts with a full bucket. */
export function takeToken(bucket: TokenBucket | undefined, now: number, policy: RatePolicy): Taken {
  const elapsedSeconds = bucket ? Math.max(0, now - bucket.filledAt) / 1000 : 0;
  const tokens = bucket ? Math.min(policy.burst, bucket.tokens + elapsedSeconds * policy.perSecond) : policy.burst;
  const isAllowed = tokens >= 1;
  const missing = isAllowed ? 0 : 1 - tokens;
  return {
    bucket: { tokens: isAllowed ? tokens - 1 : tokens, filledAt: now },
    isAllowed,
    retryAfterSeconds: Math.ceil(missing / policy.perSecond),
  };
}
