import type { HealthView } from '@nalabo/contracts';
import type { Observation } from '@nalabo/infrastructure-port';

export type HealthFinding = Pick<HealthView, 'status' | 'reason' | 'services'>;

const statusOfReadiness = { ready: 'healthy', pending: 'starting', stopped: 'degraded' } as const;

export function healthOf(observation: Observation): HealthFinding {
  if (observation.presence === 'absent') {
    return { status: 'absent', reason: 'nothing of the session is on its target', services: [] };
  }
  const { readiness, reason, services } = observation;
  const byName = services.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return { status: statusOfReadiness[readiness], reason, services: byName };
}
