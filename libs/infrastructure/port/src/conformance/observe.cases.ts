import { expect } from 'vitest';
import type { InfrastructureObject } from '@nalabo/contracts';
import type { ConformanceCase, ConformanceGroup } from './conformance-case.js';
import type { ForeignOwner } from './harness.js';
import { outputOf } from './run-command.js';

export const observeCases: ConformanceGroup = {
  name: 'observe',
  cases: [
    {
      rule: 'O1',
      states: 'an unknown reference is absent, which is a value and not an error',
      verify: async (context) => {
        expect(await context.observe(context.newSpec())).toEqual({ presence: 'absent' });
      },
    },
    {
      rule: 'O2',
      states: 'a session that is not ready says why, one that is ready does not',
      verify: async (context) => {
        const spec = context.newSpec();
        const first = await context.ensure(spec);
        if (first.presence === 'present' && first.readiness !== 'ready') expect(first.reason).toMatch(/\w/);
        expect((await context.becomesReady(spec)).reason).toBeNull();
      },
    },
    {
      rule: 'O3',
      states: 'a workbench killed from outside is stopped, with a reason, and its objects are still shown',
      verify: async (context) => {
        const spec = await context.readySession();
        await context.harness.killWorkbench(spec);
        const observation = await context.stopsBeingReady(spec);
        expect(observation.readiness).toBe('stopped');
        expect(observation.reason).toMatch(/\w/);
        expect(observation.objects.length).toBeGreaterThan(0);
      },
    },
    {
      rule: 'O4',
      states: 'list shows every object with its session, its generation and when it ends',
      verify: async (context) => {
        const spec = await context.readySession({ generation: 3 });
        const listed = await context.target.observe.list(context.deadline());
        const expected = (await context.onBackend(spec)).map(({ kind, name }) => ({
          kind,
          name,
          sessionId: spec.sessionId,
          generation: 3,
          endsByEpochSeconds: spec.endsByEpochSeconds,
        }));
        expect(expected.length).toBeGreaterThan(0);
        expect(listed).toHaveLength(expected.length);
        expect(listed).toEqual(expect.arrayContaining(expected));
      },
    },
    foreignCase('O5', 'another installation'),
    foreignCase('O6', 'nobody'),
    {
      rule: 'O7',
      states: 'every object carries the session id in a name of at most 63 characters',
      verify: async (context) => {
        const spec = context.newSpec();
        await context.ensure(spec);
        for (const { name } of await context.target.observe.list(context.deadline())) {
          expect(name).toContain(`nalabo-session-${spec.sessionId}`);
          expect(name.length).toBeLessThanOrEqual(63);
        }
      },
    },
    {
      rule: 'O8',
      states: 'usage gives figures for a ready session, and its CPU counter never falls',
      verify: async (context) => {
        const spec = await context.readySession();
        const sample = () =>
          context.eventually(async () => {
            const [found] = await context.target.observe.usage([spec], context.deadline());
            expect(found).toMatchObject({ cpuSecondsTotal: expect.any(Number), memoryBytes: expect.any(Number) });
            return { ...found, cpuSecondsTotal: found?.cpuSecondsTotal ?? NaN };
          });
        const before = await sample();
        await outputOf(await context.shell(spec), 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done');
        const after = await sample();
        expect(after.cpuSecondsTotal).toBeGreaterThanOrEqual(before.cpuSecondsTotal);
        expect(after.sessionId).toBe(spec.sessionId);
        for (const [name, value] of Object.entries(after)) {
          if (typeof value === 'number') expect(value, name).toBeGreaterThanOrEqual(0);
        }
      },
    },
    {
      rule: 'O9',
      states: 'usage leaves out sessions that are absent',
      verify: async (context) => {
        const spec = await context.readySession();
        const asked = [context.newSpec(), spec, context.newSpec()];
        await context.eventually(async () => {
          const samples = await context.target.observe.usage(asked, context.deadline());
          expect(samples.map(({ sessionId }) => sessionId)).toEqual([spec.sessionId]);
        });
        expect(await context.target.observe.usage([], context.deadline())).toEqual([]);
      },
    },
    {
      rule: 'O10',
      states: 'probe answers that the target can be reached, and its version',
      verify: async (context) => {
        const probe = await context.target.observe.probe(context.deadline());
        expect(probe).toEqual({ reachable: true, reason: null, version: expect.stringMatching(/\w/) });
      },
    },
  ],
};

function foreignCase(rule: string, owner: ForeignOwner): ConformanceCase {
  return {
    rule,
    states: `an object of ${owner} under our name is a conflict, is never shown and never touched`,
    verify: async (context) => {
      const spec = context.newSpec();
      const foreign = await context.foreignObject(spec, owner);
      expect(await context.observe(spec)).toEqual({ presence: 'absent' });
      await expect(context.ensure(spec)).rejects.toMatchObject({ kind: 'conflict' });
      const listed = await context.target.observe.list(context.deadline());
      const removed = await context.target.lifecycle.destroy(spec, context.deadline());
      const isForeign = ({ kind, name }: InfrastructureObject): boolean =>
        kind === foreign.kind && name === foreign.name;
      expect([...listed, ...removed].filter(isForeign)).toEqual([]);
      expect(await foreign.exists()).toBe(true);
    },
  };
}
