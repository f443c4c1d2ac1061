import type { SessionSpec } from '@nalabo/infrastructure-port';
import { newSessionId } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import type { EngineContainer, EngineNetwork } from '../engine/engine-objects.js';
import { staleObjects, withoutObjects } from './stale-objects.js';

const spec: SessionSpec = {
  sessionId: newSessionId(),
  generation: 2,
  workshopId: 'first-steps',
  limits: { cpuMillicores: 1, memoryBytes: 1, storageBytes: 1 },
  environment: {},
  endsByEpochSeconds: 0,
  subnetIndex: 1,
  isolation: null,
  applied: null,
  initial: null,
};

const of = (generation: number): Record<string, string> => ({ 'io.nalabo.generation': String(generation) });

function network(id: string, overrides: Partial<EngineNetwork> = {}): EngineNetwork {
  return { id, name: 'network', labels: of(2), subnet: '10.213.0.16/28', ...overrides };
}

function container(overrides: Partial<EngineContainer> = {}): EngineContainer {
  return { id: 'c', name: 'c', labels: of(2), state: 'running', status: 'Up', networkMode: 'a', ...overrides };
}

describe('staleObjects', () => {
  const volume = { name: 'volume', labels: of(2), options: {} };
  const whole = { containers: [container()], networks: [network('a')], volumes: [volume] };

  it('keeps a session that is as it should be', () => {
    const stale = staleObjects({ owned: whole, foreign: [] }, spec);
    expect(stale).toEqual({ containers: [], networks: [], volumes: [] });
    expect(withoutObjects(whole, stale)).toEqual(whole);
  });

  it('leaves services and their networks where they are', () => {
    const service = container({ labels: { ...of(2), 'io.nalabo.service': 'web' }, networkMode: 'further' });
    const further = network('further', {
      labels: { ...of(2), 'io.nalabo.network': 'front' },
      subnet: '10.214.0.16/28',
    });
    const owned = { ...whole, containers: [container(), service], networks: [network('a'), further] };
    expect(staleObjects({ owned, foreign: [] }, spec)).toEqual({ containers: [], networks: [], volumes: [] });
    const moved = { ...owned, networks: [network('a', { subnet: '10.213.9.0/28' }), further] };
    expect(staleObjects({ owned: moved, foreign: [] }, spec)).toMatchObject({
      containers: [container(), service],
      networks: [{ id: 'a' }],
    });
    const older = { ...service, labels: { ...service.labels, ...of(1) } };
    expect(staleObjects({ owned: { ...owned, containers: [older] }, foreign: [] }, spec).containers).toEqual([older]);
  });

  it.each([
    ['a workbench of an older generation', { containers: [container({ labels: of(1) })] }, 1, 0, 0],
    ['a workbench that cannot run again', { containers: [container({ state: 'dead' })] }, 1, 0, 0],
    ['a workbench on a network that is gone', { containers: [container({ networkMode: 'gone' })] }, 1, 0, 0],
    [
      'a network with another subnet, and what is on it',
      { networks: [network('a', { subnet: '10.213.9.0/28' })] },
      1,
      1,
      0,
    ],
    ['a network of an older generation, and what is on it', { networks: [network('a', { labels: of(1) })] }, 1, 1, 0],
    ['the second of two networks', { networks: [network('b'), network('a')] }, 0, 1, 0],
    ['a volume of an older generation', { volumes: [{ ...volume, labels: of(1) }] }, 0, 0, 1],
  ])('replaces %s', (_, change, containers, networks, volumes) => {
    const stale = staleObjects({ owned: { ...whole, ...change }, foreign: [] }, spec);
    expect([stale.containers.length, stale.networks.length, stale.volumes.length]).toEqual([
      containers,
      networks,
      volumes,
    ]);
  });

  it('refuses a name that somebody else has taken', () => {
    const foreign = [{ kind: 'volume', name: 'theirs' }];
    expect(() => staleObjects({ owned: whole, foreign }, spec)).toThrow(
      expect.objectContaining({
        message: 'the volume theirs exists and is not ours',
        publicMessage: 'A name of the session is taken by something else.',
      }),
    );
  });

  it('refuses to go back to an older generation', () => {
    const owned = { ...whole, volumes: [{ ...volume, labels: of(3) }] };
    expect(() => staleObjects({ owned, foreign: [] }, spec)).toThrow('the volume volume belongs to a newer generation');
  });
});
