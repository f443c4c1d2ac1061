import type { CreateSession } from '@nalabo/contracts';
import { newSessionId } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { parseWorkshopFile } from '../workshops/workshop-file.js';
import { grant, newSession } from './new-session.js';
import type { SessionEntity } from './session.entity.js';

const now = new Date('2026-01-01T12:00:00Z');
const workshop = parseWorkshopFile(
  `id: linux-basics
title: Linux basics
infrastructure: [docker]
durationMinutes: { default: 240, maximum: 480 }
resources: { maximum: { cpu: 2000m, memory: 4Gi, storage: 20Gi } }
environment: { EDITOR: nano }`,
  'workshop.yaml',
);

function accept(overrides: Partial<CreateSession>): SessionEntity {
  const request = { workshopId: 'linux-basics', ...overrides };
  return newSession({
    id: newSessionId(),
    request,
    granted: grant(request, workshop, 'docker'),
    workshop,
    workshopRevision: 1,
    target: { name: 'local-docker', kind: 'docker' },
    actor: { keyId: 'k', ownerId: 'alice', role: 'learner' },
    correlationId: 'c',
    subnetIndex: 7,
    now,
  });
}

describe('a new session', () => {
  it('takes the documented defaults of Docker', () => {
    expect(accept({})).toMatchObject({
      state: 'REQUESTED',
      resources: { cpu: '1000m', memory: '2Gi', storage: '10Gi' },
      limits: { cpuMillicores: 1000, memoryBytes: 2 ** 31, storageBytes: 10 * 2 ** 30 },
      expiresAt: new Date('2026-01-01T16:00:00Z'),
      endsBy: new Date('2026-01-01T20:05:00Z'),
      environment: { EDITOR: 'nano' },
      subnetIndex: 7,
    });
  });

  it('takes what the request says, exactly', () => {
    const row = accept({
      duration: 1,
      resources: { cpu: '2000m', memory: '4Gi', storage: '20Gi' },
      env: { EDITOR: 'vi' },
    });
    expect(row).toMatchObject({
      limits: { cpuMillicores: 2000, memoryBytes: 2 ** 32, storageBytes: 20 * 2 ** 30 },
      expiresAt: new Date('2026-01-01T12:01:00Z'),
      environment: { EDITOR: 'vi' },
    });
  });

  it('refuses to last longer than the workshop allows', () => {
    expect(() => accept({ duration: 481 })).toThrow('at most 480 minutes');
  });

  it('refuses more than the workshop allows and names every field', () => {
    expect(() => accept({ resources: { cpu: '3', storage: '21Gi' } })).toThrow('resources.cpu, resources.storage');
  });
});

describe('a workshop file', () => {
  it.each([
    ['id: A\ntitle: t\ninfrastructure: [docker]', 'id'],
    ['id: a\ntitle: t\ninfrastructure: []', 'infrastructure'],
    ['id: a\ntitle: t\ninfrastructure: [docker]\nprivileged: true', 'privileged'],
    ['id: a\ntitle: t\ninfrastructure: [docker]\nresources: { default: { docker: { cpu: fast } } }', 'cpu'],
  ])('%j is refused for its %s', (text, fault) => {
    expect(() => parseWorkshopFile(text, 'workshop.yaml')).toThrow(fault);
  });
});
