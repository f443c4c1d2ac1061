import { describe, expect, it } from 'vitest';
import type { EngineContainer, EngineVolume } from '../engine/engine-objects.js';
import type { EngineObjects } from './session-objects.js';
import { toObservation, toOwnedObject } from './to-observation.js';

const session = 'abcdefghijklmnopqrstuvwxyz';
const name = `nalabo-session-${session}`;
const labels = {
  'io.nalabo.managed-by': 'nalabo',
  'io.nalabo.instance': 'main',
  'io.nalabo.session': session,
  'io.nalabo.generation': '2',
  'io.nalabo.ends-by': '1800000000',
};

function workbench(state: string, status: string): EngineContainer {
  return { id: '1f', name, labels, state, status, networkMode: 'net' };
}

function workspace(options: Record<string, string>): EngineVolume {
  return { name: `${name}-workspace`, labels: { ...labels, 'io.nalabo.storage-bytes': '10737418240' }, options };
}

const network = { id: 'net', name, labels, subnet: '10.213.0.0/28' };
const nothing: EngineObjects = { containers: [], networks: [], volumes: [] };
const whole: EngineObjects = {
  containers: [workbench('running', 'Up 2 seconds')],
  networks: [network],
  volumes: [workspace({})],
};

describe('toObservation', () => {
  it('takes nothing for absent', () => {
    expect(toObservation(nothing)).toEqual({ presence: 'absent' });
  });

  it('tells everything of a session that is ready', () => {
    expect(toObservation(whole)).toEqual({
      presence: 'present',
      readiness: 'ready',
      reason: null,
      generation: 2,
      objects: [
        { kind: 'container', name },
        { kind: 'network', name },
        { kind: 'volume', name: `${name}-workspace` },
      ],
      storage: { requested: '10Gi', enforced: false, reason: expect.stringMatching(/\w/) },
      endpoints: [],
      services: [],
      steps: [],
    });
  });

  it('tells of services and where they listen', () => {
    const own = { ...labels, 'io.nalabo.service': 'web', 'io.nalabo.endpoints': '80/tcp' };
    const service = { ...workbench('running', 'Up 2 seconds (healthy)'), name: `${name}-s-web`, labels: own };
    const further = { ...network, id: 'further', name: `${name}-n-front` };
    const seen = toObservation({ ...whole, containers: [service, ...whole.containers], networks: [further, network] });
    expect(seen).toMatchObject({
      readiness: 'ready',
      endpoints: [{ name: 'web', host: 'web', port: 80 }],
      services: [{ name: 'web', state: 'running', health: 'healthy', exitCode: null }],
    });
    expect(toObservation({ ...whole, networks: [further] })).toMatchObject({ readiness: 'pending' });
  });

  it.each([
    ['without a workbench', { ...whole, containers: [] }, 'pending', 'the workbench has not been made yet'],
    [
      'not started',
      { ...whole, containers: [workbench('created', 'Created')] },
      'pending',
      'the workbench has not been started yet',
    ],
    ['without its network', { ...whole, networks: [] }, 'pending', 'the network or the workspace is missing'],
    [
      'ended',
      { ...whole, containers: [workbench('exited', 'Exited (137) 3 seconds ago')] },
      'stopped',
      'the workbench has ended: Exited (137) 3 seconds ago',
    ],
    ['half-made', { ...nothing, networks: [network] }, 'pending', 'the workbench has not been made yet'],
  ])('says why a session %s is not ready', (_, objects, readiness, reason) => {
    expect(toObservation(objects)).toMatchObject({ readiness, reason });
  });

  it('reports storage as enforced when the volume has a size', () => {
    const observation = toObservation({ ...nothing, volumes: [workspace({ size: '5368709120' })] });
    expect(observation).toMatchObject({ storage: { requested: '10Gi', enforced: true, reason: null } });
  });
});

describe('toOwnedObject', () => {
  it('reads the labels, and forgives broken ones', () => {
    expect(toOwnedObject({ kind: 'network', name, labels })).toEqual({
      kind: 'network',
      name,
      sessionId: session,
      generation: 2,
      endsByEpochSeconds: 1_800_000_000,
    });
    const broken = { 'io.nalabo.generation': 'x', 'io.nalabo.ends-by': '-1' };
    expect(toOwnedObject({ kind: 'volume', name: 'other', labels: broken })).toEqual({
      kind: 'volume',
      name: 'other',
      sessionId: '',
      generation: 0,
      endsByEpochSeconds: null,
    });
  });
});
