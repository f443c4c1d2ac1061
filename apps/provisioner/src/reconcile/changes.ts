import {
  facts,
  infrastructureObjectSchema,
  type EndReason,
  type InfrastructureObject,
  type RemovedObject,
} from '@nalabo/contracts';
import type { Observation } from '@nalabo/infrastructure-port';
import { backoffDelay, type AppError, type ErrorKind } from '@nalabo/kernel';
import {
  attemptBackoff,
  buildLimitMilliseconds,
  buildPollMilliseconds,
  maximumAttempts,
  removalBackoff,
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
  return {
    patch: { state: 'PROVISIONING', attempt: 0, retryAt: null, stateDeadlineAt: buildDeadline(row, now) },
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

export function toTerminating(row: Row, reason: EndReason, cause: string | null, seen: Observation | null): Change {
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
      // Written before anything is removed, so that the receipt names it even when the removal is cut short.
      objects: withSeen(row, seen),
    },
    happenings: [happening(facts.sessionTerminating, { reason: ending })],
    next: 'now',
  };
}

export function toTerminated(row: Row, now: Date): Change {
  const reason = row.reason ?? 'requested';
  const removed = [...row.removed, ...goneUnreported(row, now)];
  const ended = { ownerId: row.ownerId, target: row.target, reason, endedAt: now.toISOString(), removed };
  return {
    patch: { state: 'TERMINATED', terminatedAt: now, subnetIndex: null, retryAt: null, attempt: 0, removed },
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
  const next = isWell(seen) ? 'now' : later(now, buildPollMilliseconds);
  // Ready to be used, and with everything that its workshop brings.
  const built = isWell(seen) ? { unsettledBy: null } : {};
  const patch = { ...learned(row, seen), ...(row.state === 'READY' ? restarted(row, seen, now) : built) };
  return { patch, happenings: [], next };
}

/** A restart was carried out: a workbench that is dead again counts anew, one that is starting has until the deadline. */
function restarted(row: Row, seen: Observation, now: Date): Partial<SessionEntity> {
  const isStarting = seen.presence === 'present' && seen.readiness === 'pending';
  return {
    retryAt: null,
    stateDeadlineAt: isStarting ? (row.stateDeadlineAt ?? buildDeadline(row, now)) : null,
    ...(isWell(seen) ? { attempt: 0, unsettledBy: null } : {}),
  };
}

/** Nobody's fault: the target was away or the call was cut short, and the next look may find everything done. */
const uncounted: ReadonlySet<ErrorKind> = new Set(['unavailable', 'timeout', 'cancelled']);
/** Trying again cannot help: the spec is refused, or a name is taken by something that is not ours. */
const hopeless: ReadonlySet<ErrorKind> = new Set(['invalid_input', 'unprocessable', 'forbidden', 'conflict']);

export function ensureFailed(row: Row, error: AppError, now: Date): Change {
  if (uncounted.has(error.kind)) return unseen(row, error, later(now, unreachablePollMilliseconds), now);
  const counter = row.state === 'READY' ? 'restarts' : 'attempt';
  const subnetTaken = error.details['subnet'] !== undefined;
  const failures = !subnetTaken && hopeless.has(error.kind) ? maximumAttempts + 1 : row[counter] + 1;
  const retryAt = later(now, backoffDelay(failures, attemptBackoff));
  const next = failures >= maximumAttempts ? now : retryAt;
  const patch = { [counter]: failures, retryAt: next, lastError: error.publicMessage };
  return { patch, happenings: [], next, freshSubnet: subnetTaken };
}

/** The workbench is well, only what was applied beside it is not as it was: worth trying for as long as the session lives. */
export function restoreFailed(row: Row, error: AppError, now: Date): Change {
  if (uncounted.has(error.kind)) return unseen(row, error, later(now, unreachablePollMilliseconds), now);
  const attempt = row.attempt + 1;
  const retryAt = later(now, backoffDelay(attempt, removalBackoff));
  return { patch: { attempt, retryAt, lastError: error.publicMessage }, happenings: [], next: retryAt };
}

export function destroyed(row: Row, removed: readonly RemovedObject[]): Change {
  const known = new Set(row.removed.map(keyOf));
  const added = removed.filter((object) => !known.has(keyOf(object)));
  return { patch: { removed: [...row.removed, ...added] }, happenings: [], next: 'now' };
}

export function destroyFailed(row: Row, error: AppError, now: Date): Change {
  const attempt = row.attempt + 1;
  const retryAt = later(now, backoffDelay(attempt, removalBackoff));
  // What the provider had found before it failed: once that is gone, the receipt names it.
  const removing = infrastructureObjectSchema.array().safeParse(error.details['removing']);
  const objects = withAll(row, removing.success ? removing.data : []);
  return { patch: { attempt, retryAt, lastError: error.publicMessage, objects }, happenings: [], next: retryAt };
}

/** The target could not be looked at; the time that it is away does not count as building. */
export function unseen(row: Row, error: AppError, until: Date, now: Date): Change {
  const stateDeadlineAt = row.stateDeadlineAt === null ? null : buildDeadline(row, now);
  // Our own shutdown says nothing about the session.
  const patch = error.kind === 'cancelled' ? {} : { lastError: error.publicMessage };
  return { patch: { ...patch, stateDeadlineAt }, happenings: [], next: until };
}

export function waiting(row: Row, until: Date, seen: Observation): Change {
  const isSettled = row.state === 'READY' && row.unsettledBy === null && isWell(seen);
  return {
    patch: isSettled ? { retryAt: null, stateDeadlineAt: null, lastError: null, endpoints: [...seen.endpoints] } : {},
    happenings: [],
    next: until,
  };
}

/** Whether the workbench answers. */
export function isWell(seen: Observation): seen is Extract<Observation, { presence: 'present' }> {
  return seen.presence === 'present' && seen.readiness === 'ready';
}

/** Nothing to do before `until`. */
export function pause(until: Date): Change {
  return { patch: {}, happenings: [], next: until };
}

function buildDeadline(row: Row, now: Date): Date {
  return later(now, buildLimitMilliseconds(row.targetKind));
}

const keyOf = ({ kind, name }: InfrastructureObject): string => `${kind} ${name}`;

function withSeen(row: Row, seen: Observation | null): InfrastructureObject[] {
  return withAll(row, seen?.presence === 'present' ? seen.objects : []);
}

function withAll(row: Row, objects: readonly InfrastructureObject[]): InfrastructureObject[] {
  const known = new Set(row.objects.map(keyOf));
  return [...row.objects, ...objects.filter((object) => !known.has(keyOf(object)))];
}

/** Objects that were there and are gone now, although no removal lived to report them. */
function goneUnreported(row: Row, now: Date): RemovedObject[] {
  const reported = new Set(row.removed.map(keyOf));
  const missing = row.objects.filter((object) => !reported.has(keyOf(object)));
  return missing.map(({ kind, name }) => ({ kind, name, at: now.toISOString() }));
}

function learned(row: Row, seen: Observation): Partial<SessionEntity> {
  if (seen.presence === 'absent') return {};
  return {
    storage: seen.storage ?? row.storage,
    endpoints: [...seen.endpoints],
    objects: withSeen(row, seen),
    ...(seen.steps.length > 0 ? { progress: [...seen.steps] } : {}),
  };
}
