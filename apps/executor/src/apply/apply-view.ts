import type { ApplySummary, ApplyView } from '@nalabo/contracts';
import type { ApplyEnd } from './apply-attempt.js';
import type { ApplyRow } from './apply-history.js';
import type { ApplyOrder } from './apply-order.js';
import { countActions } from './count-actions.js';

/** The answer to an apply that was carried out for it. */
export function viewOf(order: ApplyOrder, { objects, notes }: ApplyEnd): ApplyView {
  const { applyId, sessionId, type, dryRun, rollbackOf } = order;
  return { applyId, sessionId, type, dryRun, rollbackOf, objects: [...objects], notes: [...notes] };
}

/** The answer to the same request again, from what is stored: without differences and messages, which are not. */
export function storedViewOf(row: ApplyRow): ApplyView {
  const { applyId, sessionId, type, dryRun, rollbackOf, result, notes } = row;
  return { applyId, sessionId, type, dryRun, rollbackOf, objects: result ?? [], notes };
}

export function summaryOf(row: ApplyRow): ApplySummary {
  const { applyId, actor, startedAt, type, digest, dryRun, state, result, reason, rollbackOf } = row;
  return {
    applyId,
    actor: { ownerId: actor.ownerId, role: actor.role },
    startedAt: startedAt.toISOString(),
    type,
    digest,
    dryRun,
    state,
    counts: result && countActions(result),
    reason,
    rollbackOf,
  };
}
