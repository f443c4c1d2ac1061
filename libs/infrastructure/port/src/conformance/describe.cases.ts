import { expect } from 'vitest';
import { capabilityNames, preflightFindingSchema, targetKindSchema } from '@nalabo/contracts';
import type { ConformanceGroup } from './conformance-case.js';

export const describeCases: ConformanceGroup = {
  name: 'describe',
  cases: [
    {
      rule: 'D1',
      states: 'the kind is one of the closed list',
      verify: async ({ target }) => {
        expect(targetKindSchema.options).toContain(target.describe.kind);
      },
    },
    {
      rule: 'D2',
      states: 'every capability is stated, with a reason exactly when it is absent',
      verify: async ({ target }) => {
        const capabilities = await target.describe.capabilities();
        for (const name of capabilityNames) {
          const { available, reason } = capabilities[name];
          if (available) expect(reason, name).toBeNull();
          else expect(reason, name).toMatch(/\w/);
        }
      },
    },
    {
      rule: 'D3',
      states: 'the preflight names each thing it examined once and says what it found, and leaves nothing behind',
      verify: async (context) => {
        const findings = await context.target.describe.preflight(context.deadline());
        const names = findings.map(({ name }) => name);
        expect(names).toEqual([...new Set(names)]);
        for (const finding of findings) expect(preflightFindingSchema.safeParse(finding).error).toBeUndefined();
        expect(findings.length).toBeGreaterThan(0);
        await context.eventually(async () => expect(await context.harness.leftovers()).toEqual([]));
      },
    },
  ],
};
