import { facts, type EndReason, type RemovedObject } from '@nalabo/contracts';
import type { Observation } from '@nalabo/infrastructure-port';
import { backoffDelay, type AppError, type ErrorKind } from '@nalabo/kernel';
import {
  attemptBackoff,
  buildPollMilliseconds,
  maximumAttempts,
  removalBackoff,
  stateLimitMilliseconds,
  unreachablePollMilliseconds,
} from '@nalabo/session';
import { happening, type Happening } from '../sessions/session-history.js';
import type { SessionEntity } from '../sessions/session.entity.js';

/** What one step of a pass writes: columns, what happened, and when to look again (`now` for at once). */
export interface Change {
  readonly patch: Partial<SessionEntity>;
  readonly happenings: readonly Happening[];
  readonly next: 'now' | Date;
  /** The change is made only while fewer sessions of the target than this are being built; otherwise it waits. */
  readonly provisionSlots?: number;
  /** Something else on the target occupies the session's subnet: it gets another one. */
  readonly freshSubnet?: boolean;
}

type Row = Readonly<SessionEntity>;

const later = (now: Date, milliseconds: number): Date => new Date(now.getTime() + milliseconds);

export function toProvisioning(row: Row, now: Date, provisionSlots: number): Change {
  const limit = stateLimitMilliseconds('PROVISIONING', row.targetKind);
  const stateDeadlineAt = limit === null ? null : later(now, limit);
  return {
    patch: { state: 'PROVISIONING', attempt: 0, retryAt: null, stateDeadlineAt },
    happenings: [happening(facts.sessionProvisioning, { attempt: 1 })],
    next: 'now',
    provisionSlots,
  };
}

export function toReady(row: Row, seen: Observation, now: Date): Change {
  const provisioningMs = now.getTime() - row.createdAt.getTime();
  const patch: Partial<SessionEntity> = {
    state: 'READY',
    readyAt: now,
    stateDeadlineAt: null,
    attempt: 0,
    retryAt: null,
    lastError: null,
    ...learned(row, seen),
  };
  return { patch, happenings: [happening(facts.sessionReady, { provisioningMs })], next: 'now' };
}

export function toTerminating(row: Row, reason: EndReason, cause: string | null): Change {
  const ending = row.reason ?? reason;
  return {
    patch: {
      state: 'TERMINATING',
      desired: 'absent',
      reason: ending,
      stateDeadlineAt: null,
      attempt: 0,
      retryAt: null,
      lastError: cause ?? row.lastError,
    },
    happenings: [happening(facts.sessionTerminating, { reason: ending })],
    next: 'now',
  };
}

export function toTerminated(row: Row, now: Date): Change {
  const reason = row.reason ?? 'requested';
  const ended = { ownerId: row.ownerId, target: row.target, reason, endedAt: now.toISOString(), removed: row.removed };
  return {
    patch: { state: 'TERMINATED', terminatedAt: now, subnetIndex: null, retryAt: null, attempt: 0 },
    happenings: [happening(facts.sessionTerminated, ended)],
    next: now,
  };
}

export function restartCounted(row: Row, cause: string, retryAt: Date): Change {
  const restarts = row.restarts + 1;
  return {
    patch: { restarts, retryAt, lastError: cause },
    happenings: [happening(facts.sessionRestarted, { restarts, cause })],
    next: retryAt,
  };
}

export function ensured(row: Row, seen: Observation, now: Date): Change {
  const isReady = seen.presence === 'present' && seen.readiness === 'ready';
  const patch: Partial<SessionEntity> = learned(row, seen);
  if (row.state === 'READY' && isReady) patch.retryAt = null;
  return { patch, happenings: [], next: isReady ? 'now' : later(now, buildPollMilliseconds) };
}

/** Nobody's fault: the target was away or the call was cut short, and the next look may find everything done. */
const uncounted: ReadonlySet<ErrorKind> = new Set(['unavailable', 'timeout', 'cancelled']);
/** Trying again cannot help: the spec is refused, or a name is taken by something that is not ours. */
const hopeless: ReadonlySet<ErrorKind> = new Set(['invalid_input', 'unprocessable', 'forbidden', 'conflict']);

export function ensureFailed(row: Row, error: AppError, now: Date): Change {
  if (uncounted.has(error.kind)) return postponed(error, later(now, unreachablePollMilliseconds));
  const counter = row.state === 'READY' ? 'restarts' : 'attempt';
  const subnetTaken = error.details['subnet'] !== undefined;
  const failures = !subnetTaken && hopeless.has(error.kind) ? maximumAttempts + 1 : row[counter] + 1;
  const retryAt = later(now, backoffDelay(failures, attemptBackoff));
  const next = failures >= maximumAttempts ? now : retryAt;
  const patch = { [counter]: failures, retryAt: next, lastError: error.publicMessage };
  return { patch, happenings: [], next, freshSubnet: subnetTaken };
}

export function destroyed(row: Row, removed: readonly RemovedObject[]): Change {
  const known = new Set(row.removed.map(({ kind, name }) => `${kind} ${name}`));
  const added = removed.filter(({ kind, name }) => !known.has(`${kind} ${name}`));
  return { patch: { removed: [...row.removed, ...added] }, happenings: [], next: 'now' };
}

export function destroyFailed(row: Row, error: AppError, now: Date): Change {
  const attempt = row.attempt + 1;
  const retryAt = later(now, backoffDelay(attempt, removalBackoff));
  return { patch: { attempt, retryAt, lastError: error.publicMessage }, happenings: [], next: retryAt };
}

/** The target could not be looked at: nothing is known, so nothing is decided. */
export function unseen(error: AppError, now: Date): Change {
  return postponed(error, later(now, unreachablePollMilliseconds));
}

export function waiting(row: Row, until: Date, seen: Observation): Change {
  const recovered =
    row.state === 'READY' && seen.presence === 'present' && seen.readiness === 'ready' && row.retryAt !== null;
  return { patch: recovered ? { retryAt: null, lastError: null } : {}, happenings: [], next: until };
}

/** Nothing to do before `until`. */
export function pause(until: Date): Change {
  return { patch: {}, happenings: [], next: until };
}

function postponed(error: AppError, until: Date): Change {
  return { patch: { lastError: error.publicMessage }, happenings: [], next: until };
}

function learned(row: Row, seen: Observation): Partial<SessionEntity> {
  if (seen.presence === 'absent') return {};
  return {
    storage: seen.storage ?? row.storage,
    endpoints: [...seen.endpoints],
    ...(seen.steps.length > 0 ? { progress: [...seen.steps] } : {}),
  };
}
