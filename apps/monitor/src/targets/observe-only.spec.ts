import { MemoryTarget } from '@nalabo/infrastructure-port';
import { newSessionId } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { observeOnly } from './observe-only.js';

describe('observeOnly', () => {
  const ref = { sessionId: newSessionId(), generation: 1 };
  const { signal } = new AbortController();
  const spec = {
    ...ref,
    workshopId: 'w',
    limits: { cpuMillicores: 1, memoryBytes: 1, storageBytes: 1 },
    environment: {},
    endsByEpochSeconds: 1,
    subnetIndex: 0,
    isolation: null,
    applied: null,
    initial: null,
  };
  const target = new MemoryTarget();
  const seen = observeOnly(target);

  it('lets look', async () => {
    expect(await seen.observe.list(signal)).toEqual([]);
    expect(await seen.observe.observe(ref, signal)).toEqual({ presence: 'absent' });
  });

  it('refuses to build, to remove and to run, and the target is not asked', async () => {
    const refused = { kind: 'internal' };
    await expect(seen.lifecycle.ensure(spec, signal)).rejects.toMatchObject(refused);
    await expect(seen.lifecycle.destroy(ref, signal)).rejects.toMatchObject(refused);
    await expect(seen.exec.open(ref, 'learner')).rejects.toMatchObject(refused);
    expect(target.backend.allObjects()).toEqual([]);
  });
});
