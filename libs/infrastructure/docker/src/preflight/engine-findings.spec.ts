import { describe, expect, it } from 'vitest';
import { engineFindings, type EngineFacts } from './engine-findings.js';

const healthy: EngineFacts = {
  version: { version: '28.0.1', apiVersion: '1.41' },
  facilities: { cgroupVersion: '2', limitsCpu: true, limitsMemory: true, limitsProcesses: true },
  storageQuota: { available: true, reason: null },
  registries: null,
  builds: null,
};

describe('the findings about an engine', () => {
  it('are all well on one that holds every limit', () => {
    expect(engineFindings(healthy)).toEqual([
      { name: 'engine version', status: 'ok', detail: '28.0.1, spoken to as API 1.41' },
      { name: 'control groups', status: 'ok', detail: 'version 2, all limits are held' },
      { name: 'storage quota', status: 'ok', detail: 'the engine holds volumes to a size' },
    ]);
  });

  it('name the limits that nothing holds', () => {
    const facilities = { ...healthy.facilities, cgroupVersion: '1', limitsCpu: false, limitsProcesses: false };
    expect(engineFindings({ ...healthy, facilities })[1]).toEqual({
      name: 'control groups',
      status: 'failed',
      detail: 'version 1, sessions are not held to their limits of CPU, processes',
    });
  });

  it('warn of storage without a quota, with its reason', () => {
    const storageQuota = { available: false, reason: 'no project quotas' };
    expect(engineFindings({ ...healthy, storageQuota })[2]).toEqual({
      name: 'storage quota',
      status: 'warning',
      detail: 'no project quotas',
    });
  });

  it.each([
    [['docker.io', 'registry.example'], 'ok', 'docker.io, registry.example'],
    [{ fault: 'the file cannot be read (ENOENT)' }, 'failed', 'the file cannot be read (ENOENT)'],
  ] as const)('tell of logins where a file names them: %j', (registries, status, detail) => {
    expect(engineFindings({ ...healthy, registries })[3]).toEqual({ name: 'registry logins', status, detail });
  });

  it.each([
    [{ available: true, reason: null }, 'ok', 'their control group limits processes'],
    [{ available: false, reason: 'it limits nothing' }, 'failed', 'it limits nothing'],
  ] as const)('tell of builds where there are any: %j', (builds, status, detail) => {
    expect(engineFindings({ ...healthy, builds })[3]).toEqual({ name: 'image builds', status, detail });
  });
});
