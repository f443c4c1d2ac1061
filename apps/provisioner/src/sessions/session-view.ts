import type { ReplyOf, rpcs, SessionState, SessionView } from '@nalabo/contracts';
import type { SessionId } from '@nalabo/kernel';
import { remainingSeconds, shownState } from '@nalabo/session';
import type { SessionEntity } from './session.entity.js';

export function toSessionView(row: SessionEntity, now: Date): SessionView {
  return {
    id: row.id,
    ownerId: row.ownerId,
    workshopId: row.workshopId,
    workshopRevision: row.workshopRevision,
    infrastructureType: row.targetKind,
    target: row.target,
    state: shownState(currentState(row), row.reason),
    reason: row.reason,
    resources: row.resources,
    storage: row.storage,
    progress: row.progress,
    endpoints: row.endpoints,
    lastError: row.lastError,
    createdAt: row.createdAt.toISOString(),
    readyAt: row.readyAt?.toISOString() ?? null,
    terminatedAt: row.terminatedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt.toISOString(),
    remainingSeconds: row.state === 'TERMINATED' ? 0 : remainingSeconds(row.expiresAt, now),
    endsBy: row.endsBy.toISOString(),
  };
}

export function toResolvedSession(row: SessionEntity, now: Date): ReplyOf<typeof rpcs.provisioner.resolveSession> {
  return {
    sessionId: row.id as SessionId,
    ownerId: row.ownerId,
    workshopId: row.workshopId,
    workshopRevision: row.workshopRevision,
    state: currentState(row),
    expired: row.expiresAt <= now,
    target: row.target,
    targetKind: row.targetKind,
    generation: row.generation,
    expiresAt: row.expiresAt.toISOString(),
    limits: row.limits,
  };
}

export function toDeadline(row: SessionEntity): ReplyOf<typeof rpcs.provisioner.listDeadlines>['items'][number] {
  return {
    sessionId: row.id as SessionId,
    ownerId: row.ownerId,
    target: row.target,
    state: row.state,
    expiresAt: row.expiresAt.toISOString(),
    expiryVersion: row.expiryVersion,
    ended:
      row.terminatedAt === null
        ? null
        : { at: row.terminatedAt.toISOString(), reason: row.reason ?? 'requested', removed: row.removed },
  };
}

/** A session that must go takes no command any more, even before its first pass towards the end. */
function currentState(row: SessionEntity): SessionState {
  return row.desired === 'absent' && row.state !== 'TERMINATED' ? 'TERMINATING' : row.state;
}
