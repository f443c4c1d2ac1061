import type { HealthView } from '@nalabo/contracts';
import type { Observation } from '@nalabo/infrastructure-port';

export type HealthFinding = Pick<HealthView, 'status' | 'reason'>;

const statusOfReadiness = { ready: 'healthy', pending: 'starting', stopped: 'degraded' } as const;

export function healthOf(observation: Observation): HealthFinding {
  if (observation.presence === 'absent') return { status: 'absent', reason: 'nothing of the session is on its target' };
  return { status: statusOfReadiness[observation.readiness], reason: observation.reason };
}
