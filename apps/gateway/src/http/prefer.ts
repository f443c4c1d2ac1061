import { httpLimits } from '@nalabo/contracts';

/**
 * The seconds of `Prefer: wait=N` (RFC 7240), at most what the platform allows. Undefined when nothing usable is asked:
 * a preference is a wish, so a malformed one is ignored rather than refused.
 */
export function preferredWaitSeconds(prefer: string | readonly string[] | undefined): number | undefined {
  const header = prefer === undefined || typeof prefer === 'string' ? (prefer ?? '') : prefer.join(',');
  for (const preference of header.split(',')) {
    const seconds = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(;.*)?$/i.exec(preference)?.[1];
    if (seconds !== undefined) return Math.min(Number(seconds), httpLimits.preferWaitSeconds);
  }
  return undefined;
}
