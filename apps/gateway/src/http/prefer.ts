import { httpLimits } from '@nalabo/contracts';

type Header = string | readonly string[] | undefined;

/** Preferences are wishes, so a malformed one is ignored rather than refused (RFC 7240). */
function preferences(prefer: Header): string[] {
  const header = prefer === undefined || typeof prefer === 'string' ? (prefer ?? '') : prefer.join(',');
  return header.split(',');
}

/** The seconds of `Prefer: wait=N`, at most what the platform allows. Undefined when nothing usable is asked. */
export function preferredWaitSeconds(prefer: Header): number | undefined {
  for (const preference of preferences(prefer)) {
    const seconds = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(;.*)?$/i.exec(preference)?.[1];
    if (seconds !== undefined) return Math.min(Number(seconds), httpLimits.preferWaitSeconds);
  }
  return undefined;
}

/** Whether `Prefer: respond-async` is asked: the answer comes before the work is done. */
export function prefersAsync(prefer: Header): boolean {
  return preferences(prefer).some((preference) => /^\s*respond-async\s*(;.*)?$/i.test(preference));
}
