import { absent, type Observation } from '@nalabo/infrastructure-port';
import { describe, expect, it } from 'vitest';
import { healthOf } from './health-status.js';

type Present = Extract<Observation, { presence: 'present' }>;
const present = (readiness: Present['readiness'], reason: string | null): Observation => ({
  presence: 'present',
  readiness,
  reason,
  generation: 1,
  objects: [],
  storage: null,
  endpoints: [],
  services: [],
  steps: [],
});

describe('healthOf', () => {
  it.each([
    [present('ready', null), 'healthy', null],
    [present('pending', 'not started'), 'starting', 'not started'],
    [present('stopped', 'exit code 137'), 'degraded', 'exit code 137'],
    [absent, 'absent', 'nothing of the session is on its target'],
  ])('reads %j as %s', (observation, status, reason) => {
    expect(healthOf(observation)).toEqual({ status, reason, services: [] });
  });

  it('names services by their names, and takes none of them for the state of the workbench', () => {
    const web = { name: 'web', state: 'running', health: 'unhealthy', exitCode: null } as const;
    const app = { name: 'app', state: 'ended', health: null, exitCode: 1 } as const;
    const observation = { ...present('ready', null), services: [web, app] } as Observation;
    expect(healthOf(observation)).toEqual({ status: 'healthy', reason: null, services: [app, web] });
  });
});
