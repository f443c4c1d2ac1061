import { expect } from 'vitest';
import { parseBytes } from '@nalabo/kernel';
import { declaring, type ConformanceGroup } from './conformance-case.js';

export const limitsCases: ConformanceGroup = {
  name: 'limits',
  cases: [
    {
      rule: 'Q1',
      states: 'the session is held to its CPU and memory, and to a number of processes or the target says why not',
      verify: async (context) => {
        const harness = declaring(context.harness, 'appliedLimits');
        const spec = await context.readySession();
        const applied = await harness.appliedLimits(spec);
        expect(applied.cpuMillicores).toBe(spec.limits.cpuMillicores);
        expect(applied.memoryBytes).toBe(spec.limits.memoryBytes);
        const { processLimit } = await context.target.describe.capabilities();
        if (processLimit.available) expect(applied.processes).toBeGreaterThan(0);
        else expect(processLimit.reason).toMatch(/\w/);
      },
    },
    {
      rule: 'Q2',
      states: 'storage is reported as requested and as enforced, or with the reason why not',
      verify: async (context) => {
        const spec = await context.readySession();
        const { storage } = await context.becomesReady(spec);
        expect(parseBytes(storage?.requested ?? '')).toBe(spec.limits.storageBytes);
        const { storageQuota } = await context.target.describe.capabilities();
        expect(storage?.enforced).toBe(storageQuota.available);
        if (!storage?.enforced) expect(storage?.reason).toMatch(/\w/);
      },
    },
  ],
};
