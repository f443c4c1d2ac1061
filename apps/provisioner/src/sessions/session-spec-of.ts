import type { ApplyModel, SessionSpec } from '@nalabo/infrastructure-port';
import { AppError, type SessionId } from '@nalabo/kernel';
import type { SessionEntity } from './session.entity.js';

/** What a provider is asked to build, from what is committed alone. */
export function sessionSpecOf(row: SessionEntity, initial: ApplyModel | null): SessionSpec {
  if (row.subnetIndex === null) throw new AppError('internal', `session ${row.id} has no subnet`);
  return {
    sessionId: row.id as SessionId,
    generation: row.generation,
    workshopId: row.workshopId,
    limits: row.limits,
    environment: { ...row.environment, NALABO_SESSION_ID: row.id, NALABO_WORKSHOP: row.workshopId },
    endsByEpochSeconds: Math.ceil(row.endsBy.getTime() / 1000),
    subnetIndex: row.subnetIndex,
    isolation: row.isolation,
    applied: row.applied,
    initial,
  };
}
