import type { Actor, SessionView } from '@nalabo/contracts';
import { newSessionId } from '@nalabo/kernel';

/** A learner, unless told otherwise. */
export function anActor(overrides: Partial<Actor> = {}): Actor {
  return { keyId: 'key-of-a-learner', ownerId: 'owner-a', role: 'learner', ...overrides };
}

/** A session on Docker that is ready and has four hours left. */
export function aSessionView(overrides: Partial<SessionView> = {}): SessionView {
  return {
    id: newSessionId(),
    ownerId: 'owner-a',
    workshopId: 'first-steps',
    workshopRevision: 1,
    infrastructureType: 'docker',
    target: 'local-docker',
    state: 'READY',
    reason: null,
    resources: { cpu: '1000m', memory: '2Gi', storage: '10Gi' },
    storage: null,
    progress: [],
    endpoints: [],
    lastError: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    readyAt: '2026-01-01T00:00:01.000Z',
    terminatedAt: null,
    expiresAt: '2026-01-01T04:00:00.000Z',
    remainingSeconds: 14_400,
    endsBy: '2026-01-01T08:05:00.000Z',
    ...overrides,
  };
}
