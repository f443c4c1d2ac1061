import type { EndReason } from '@nalabo/contracts';
import { assertNever, backoffDelay } from '@nalabo/kernel';
import {
  attemptBackoff,
  buildPollMilliseconds,
  maximumAttempts,
  settledPollMilliseconds,
  unreachablePollMilliseconds,
} from './policy.js';
import type { SessionFacts, Sight } from './session.js';

/**
 * What to do next with a session, from what is wanted, what was seen and the time, and nothing else.
 * - `provision`: enter PROVISIONING, then look again.
 * - `ensure`: call the provider's ensure.
 * - `become_ready`: what was seen is what was wanted.
 * - `restart`: count a restart; from `retryAt` on the next decision is `ensure`.
 * - `terminate`: enter TERMINATING with this reason.
 * - `destroy`: call the provider's destroy.
 * - `finish`: enter TERMINATED: nothing is left.
 * - `wait`: nothing to do before `until`.
 * - `settled`: never again.
 */
export type Decision =
  | { readonly action: 'provision' }
  | { readonly action: 'ensure' }
  | { readonly action: 'become_ready' }
  | { readonly action: 'restart'; readonly cause: string; readonly retryAt: Date }
  | { readonly action: 'terminate'; readonly reason: EndReason; readonly cause: string | null }
  | { readonly action: 'destroy' }
  | { readonly action: 'finish' }
  | { readonly action: 'wait'; readonly until: Date }
  | { readonly action: 'settled' };

export function decide(session: SessionFacts, sight: Sight, now: Date): Decision {
  if (session.state === 'TERMINATED') return { action: 'settled' };
  if (session.state === 'TERMINATING') return decideRemoval(session, sight, now);
  const ending = whyItMustEnd(session, now);
  if (ending) return { action: 'terminate', ...ending };
  switch (session.state) {
    case 'REQUESTED':
      return { action: 'provision' };
    case 'PROVISIONING':
      return decideBuilding(session, sight, now);
    case 'READY':
      return decideRunning(session, sight, now);
    default:
      return assertNever(session.state);
  }
}

/** Nothing of this needs a look at the target, so a target that is away delays no end. */
function whyItMustEnd(session: SessionFacts, now: Date): { reason: EndReason; cause: string | null } | null {
  if (session.desired === 'absent') return { reason: session.reason ?? 'requested', cause: null };
  // A passed expiry ends a session by itself: cleanup makes it prompt, but nothing depends on cleanup.
  if (session.expiresAt <= now) return { reason: 'expired', cause: null };
  return null;
}

function decideRemoval(session: SessionFacts, sight: Sight, now: Date): Decision {
  if (sight.presence === 'absent') return { action: 'finish' };
  return isTooEarly(session, now) ?? lookAgain(sight, now) ?? { action: 'destroy' };
}

function decideBuilding(session: SessionFacts, sight: Sight, now: Date): Decision {
  if (isReady(sight) && session.unsettledBy === null) return { action: 'become_ready' };
  const unseen = lookAgain(sight, now);
  if (unseen) return unseen;
  if (session.attempt >= maximumAttempts) return { action: 'terminate', reason: 'failed', cause: null };
  if (session.stateDeadlineAt !== null && session.stateDeadlineAt <= now) {
    return { action: 'terminate', reason: 'failed', cause: 'the session was not ready in time' };
  }
  return isTooEarly(session, now) ?? { action: 'ensure' };
}

function decideRunning(session: SessionFacts, sight: Sight, now: Date): Decision {
  if (isReady(sight)) return decideSettling(session, now);
  const later = lookAgain(sight, now) ?? isTooEarly(session, now) ?? isStartingAgain(session, sight, now);
  if (later) return later;
  const restarts = session.retryAt === null ? session.restarts + 1 : session.restarts;
  const cause = causeOf(sight);
  // A restart that was counted and whose pause is over is carried out; one too many ends the session.
  if (restarts > maximumAttempts) return { action: 'terminate', reason: 'failed', cause };
  if (session.retryAt !== null) return { action: 'ensure' };
  return { action: 'restart', cause, retryAt: after(now, backoffDelay(restarts, attemptBackoff)) };
}

/** What an apply has left behind when it was cut off is made again by `ensure`. */
function decideSettling(session: SessionFacts, now: Date): Decision {
  if (session.unsettledBy !== null) return isTooEarly(session, now) ?? { action: 'ensure' };
  return { action: 'wait', until: earlier(session.expiresAt, after(now, settledPollMilliseconds)) };
}

function isReady(sight: Sight): boolean {
  return sight.presence === 'present' && sight.readiness === 'ready';
}

function causeOf(sight: Sight): string {
  if (sight.presence !== 'present') return 'the workbench is gone';
  return sight.reason ?? 'the workbench has stopped';
}

/** A target that can't be looked at is nobody's failed attempt: nothing is known, so nothing is decided. */
function lookAgain(sight: Sight, now: Date): Decision | null {
  if (sight.presence !== 'unknown') return null;
  return { action: 'wait', until: after(now, unreachablePollMilliseconds) };
}

/** A workbench that was started again may take its time, up to the deadline, before it counts as dead once more. */
function isStartingAgain(session: SessionFacts, sight: Sight, now: Date): Decision | null {
  const isPending = sight.presence === 'present' && sight.readiness === 'pending';
  if (!isPending || session.stateDeadlineAt === null || session.stateDeadlineAt <= now) return null;
  return { action: 'wait', until: after(now, buildPollMilliseconds) };
}

function isTooEarly(session: SessionFacts, now: Date): Decision | null {
  return session.retryAt !== null && session.retryAt > now ? { action: 'wait', until: session.retryAt } : null;
}

function after(moment: Date, milliseconds: number): Date {
  return new Date(moment.getTime() + milliseconds);
}

function earlier(first: Date, second: Date): Date {
  return first < second ? first : second;
}
