export interface BackoffPolicy {
  readonly firstMilliseconds: number;
  readonly factor: number;
  readonly maximumMilliseconds: number;
}

/** The delay before attempt `attempt + 1`, where `attempt` counts the failures so far (1 after the first). */
export function backoffDelay(attempt: number, policy: BackoffPolicy): number {
  const exponent = Math.max(0, attempt - 1);
  return Math.min(policy.maximumMilliseconds, policy.firstMilliseconds * policy.factor ** exponent);
}
