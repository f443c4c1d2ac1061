import { describe, expect, it } from 'vitest';
import { defaultAdmissionLimits, defaultResources, exceededFields, parseResources, refuseAdmission } from './limits.js';
import { shownState } from './shown-state.js';

describe('admission', () => {
  const empty = { liveSessionsOfOwner: 0, createsOfOwnerLastMinute: 0, waitingOnTarget: 0 };

  it.each([
    [{}, null],
    [{ liveSessionsOfOwner: 4 }, null],
    [{ liveSessionsOfOwner: 5 }, 'exhausted'],
    [{ createsOfOwnerLastMinute: 10 }, 'exhausted'],
    [{ waitingOnTarget: 53 }, null],
    [{ waitingOnTarget: 54 }, 'exhausted'],
  ])('answers %j with %j', (counts, expected) => {
    expect(refuseAdmission({ ...empty, ...counts }, defaultAdmissionLimits)?.kind ?? null).toBe(expected);
  });
});

describe('resources', () => {
  it('parses the defaults exactly', () => {
    expect(parseResources(defaultResources.docker)).toEqual({
      cpuMillicores: 1000,
      memoryBytes: 2 ** 31,
      storageBytes: 10 * 2 ** 30,
    });
  });

  it('names the field that is not a quantity', () => {
    expect(() => parseResources({ cpu: '1', memory: 'lots', storage: '1Gi' })).toThrow('resources.memory');
  });

  it('names every field over the maximum', () => {
    const maximum = parseResources(defaultResources.docker);
    expect(exceededFields({ ...maximum, cpuMillicores: 1001, storageBytes: 1e12 }, maximum)).toEqual([
      'resources.cpu',
      'resources.storage',
    ]);
  });
});

describe('shown state', () => {
  it('shows a failed end as FAILED and every other state as it is', () => {
    expect(shownState('TERMINATED', 'failed')).toBe('FAILED');
    expect(shownState('TERMINATED', 'expired')).toBe('TERMINATED');
    expect(shownState('TERMINATING', 'failed')).toBe('TERMINATING');
  });
});
