import { backoffDelay } from '@nalabo/kernel';

/** A service that was up this long is healthy: its earlier deaths are forgotten. */
const forgetMilliseconds = 60_000;
const maximumRestarts = 4;
const policy = { firstMilliseconds: 250, factor: 3, maximumMilliseconds: 10_000 };

/**
 * How long to wait, in milliseconds, before a service that has just died is started again. Undefined when it died too
 * often. `deaths` are the moments it died, in milliseconds, the last of them now.
 */
export function restartDelay(deaths: readonly number[]): number | undefined {
  const now = deaths.at(-1) ?? 0;
  const recent = deaths.filter((moment) => now - moment < forgetMilliseconds).length;
  return recent > maximumRestarts ? undefined : backoffDelay(recent, policy);
}
