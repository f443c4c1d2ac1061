import { describe, expect, it } from 'vitest';
import type { EngineContainer } from '../engine/engine-objects.js';
import { isWell, toEndpoints, toServiceState } from './service-state.js';

function container(state: string, status: string, labels: Record<string, string> = {}): EngineContainer {
  return { id: 'c', name: 'c', state, status, networkMode: 'n', labels: { 'io.nalabo.service': 'web', ...labels } };
}

describe('the state of a service', () => {
  it.each([
    ['created', 'Created', { state: 'waiting', health: null, exitCode: null }, false],
    ['running', 'Up 3 seconds', { state: 'running', health: null, exitCode: null }, true],
    ['running', 'Up 3 seconds (healthy)', { state: 'running', health: 'healthy', exitCode: null }, true],
    ['running', 'Up 3 minutes (unhealthy)', { state: 'running', health: 'unhealthy', exitCode: null }, true],
    [
      'running',
      'Up Less than a second (health: starting)',
      { state: 'running', health: 'starting', exitCode: null },
      true,
    ],
    ['exited', 'Exited (0) 2 hours ago', { state: 'ended', health: null, exitCode: 0 }, true],
    ['exited', 'Exited (137) 3 seconds ago', { state: 'ended', health: null, exitCode: 137 }, false],
    ['dead', 'Dead', { state: 'ended', health: null, exitCode: null }, false],
  ])('that the engine calls %s (%s) is told', (state, status, told, well) => {
    const found = toServiceState(container(state, status));
    expect(found).toEqual({ name: 'web', ...told });
    expect(found && isWell(found)).toBe(well);
  });

  it('is none of a workbench', () => {
    const workbench = { ...container('running', 'Up'), labels: {} };
    expect(toServiceState(workbench)).toBeUndefined();
    expect(toEndpoints(workbench)).toEqual([]);
  });
});

describe('the endpoints of a service', () => {
  it.each([
    ['80/tcp,53/udp', [80, 53]],
    ['', []],
    ['http,80/sctp', []],
  ])('are read from %j', (label, ports) => {
    const endpoints = toEndpoints(container('running', 'Up', { 'io.nalabo.endpoints': label }));
    expect(endpoints).toEqual(ports.map((port) => ({ name: 'web', host: 'web', port })));
  });
});
