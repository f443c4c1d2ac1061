import type { BackoffPolicy } from '@nalabo/kernel';
import type { TargetKind } from '@nalabo/contracts';

const second = 1000;
const minute = 60 * second;

/** Attempts at building a session, and restarts of a workbench that died, before the session fails. */
export const maximumAttempts = 3;
export const attemptBackoff: BackoffPolicy = { firstMilliseconds: second, factor: 5, maximumMilliseconds: 25 * second };

/** Removing never gives up; it only looks less often, so that a broken target isn't flooded. */
export const removalBackoff: BackoffPolicy = { firstMilliseconds: second, factor: 2, maximumMilliseconds: minute };

/** How often a session that is being built is looked at. */
export const buildPollMilliseconds = 500;
/** A READY session is looked at this often: an event is only a hint, so this bounds how long a dead workbench stays unnoticed. */
export const settledPollMilliseconds = 5 * second;

/** The workbench ends by itself this long after the latest possible expiry, when nothing else has ended it. */
export const selfEndingGraceMilliseconds = 5 * minute;

/** A target that can't be reached is nobody's failed attempt: look again soon, for as long as it takes. */
export const unreachablePollMilliseconds = 2 * second;

/** How long building may take while the target can be reached, in milliseconds. */
export function buildLimitMilliseconds(kind: TargetKind): number {
  return kind === 'kubernetes' ? 5 * minute : 2 * minute;
}
