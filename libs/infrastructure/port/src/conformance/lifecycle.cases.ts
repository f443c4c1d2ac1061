import { expect } from 'vitest';
import type { InfrastructureObject } from '@nalabo/contracts';
import { systemClock } from '@nalabo/kernel';
import { NotDeclared, type ConformanceGroup } from './conformance-case.js';
import type { ConformanceContext } from './conformance-context.js';
import type { SessionSpec } from '../session-spec.js';
import { outputOf } from './run-command.js';

export const lifecycleCases: ConformanceGroup = {
  name: 'lifecycle',
  cases: [
    {
      rule: 'L1',
      states: 'ensure answers at once with what it did, and the session becomes ready',
      verify: async (context) => {
        const spec = context.newSpec();
        const first = await context.ensure(spec);
        expect(first).toMatchObject({ presence: 'present', generation: spec.generation });
        expect(first.presence === 'present' && first.steps.length).toBeGreaterThan(0);
        expect(await context.becomesReady(spec)).toMatchObject({ reason: null });
      },
    },
    {
      rule: 'L2',
      states: 'ensure twice makes one',
      verify: async (context) => {
        const spec = await context.readySession();
        const before = await context.onBackend(spec);
        await context.ensure(spec);
        expect(sorted(await context.onBackend(spec))).toEqual(sorted(before));
        await context.becomesReady(spec);
      },
    },
    {
      rule: 'L3',
      states: 'ensure twice at the same time makes one',
      verify: async (context) => {
        const spec = context.newSpec();
        await Promise.all([context.ensure(spec), context.ensure(spec)]);
        const { objects } = await context.becomesReady(spec);
        expect(sorted(await context.onBackend(spec))).toEqual(sorted(objects));
      },
    },
    {
      rule: 'L4',
      states: 'destroy leaves nothing and names everything it removed',
      verify: async (context) => {
        const spec = await context.readySession();
        const before = await context.onBackend(spec);
        const removed = await context.target.lifecycle.destroy(spec, context.deadline());
        expect(await context.onBackend(spec)).toEqual([]);
        expectNamed(removed, before, spec);
        for (const { at } of removed) expect(at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
        expect(await context.observe(spec)).toEqual({ presence: 'absent' });
      },
    },
    {
      rule: 'L5',
      states: 'destroying twice succeeds, and the second time removes nothing',
      verify: async (context) => {
        const spec = await context.readySession();
        await context.target.lifecycle.destroy(spec, context.deadline());
        expect(await context.target.lifecycle.destroy(spec, context.deadline())).toEqual([]);
      },
    },
    {
      rule: 'L6',
      states: 'destroy of something never made succeeds',
      verify: async (context) => {
        expect(await context.target.lifecycle.destroy(context.newSpec(), context.deadline())).toEqual([]);
      },
    },
    {
      rule: 'L7',
      states: 'ensure after destroy works, and finds nothing of what was there before',
      verify: async (context) => {
        const spec = await context.readySession();
        await outputOf(await context.shell(spec), 'echo old > old-file');
        await context.target.lifecycle.destroy(spec, context.deadline());
        await context.ensure(spec);
        await context.becomesReady(spec);
        expect(await outputOf(await context.shell(spec), 'ls')).not.toContain('old-file');
      },
    },
    {
      rule: 'L8',
      states: 'an aborted ensure leaves nothing that list does not show and destroy does not remove',
      verify: async (context) => {
        for (const milliseconds of abortAfterMilliseconds) {
          const spec = context.newSpec();
          await abortedEnsure(context, spec, milliseconds);
          const listed = (await context.target.observe.list(context.deadline())).filter(
            ({ sessionId }) => sessionId === spec.sessionId,
          );
          expect(sorted(await context.onBackend(spec))).toEqual(sorted(listed));
          const removed = await context.target.lifecycle.destroy(spec, context.deadline());
          expectNamed(removed, listed, spec);
          expect(await context.onBackend(spec)).toEqual([]);
        }
      },
    },
    {
      rule: 'L9',
      states: 'ensure completes what an aborted ensure began',
      verify: async (context) => {
        for (const milliseconds of abortAfterMilliseconds) {
          const spec = context.newSpec();
          await abortedEnsure(context, spec, milliseconds);
          await context.ensure(spec);
          const { objects } = await context.becomesReady(spec);
          expect(sorted(await context.onBackend(spec))).toEqual(sorted(objects));
          await context.target.lifecycle.destroy(spec, context.deadline());
        }
      },
    },
    {
      rule: 'L10',
      states: 'ensure brings back a workbench that was killed from outside',
      verify: async (context) => {
        const spec = await context.readySession();
        const before = await context.onBackend(spec);
        await context.harness.killWorkbench(spec);
        await context.stopsBeingReady(spec);
        await context.ensure(spec);
        await context.becomesReady(spec);
        expect(await outputOf(await context.shell(spec), 'echo back')).toBe('back\n');
        expect(sorted(await context.onBackend(spec))).toEqual(sorted(before));
      },
    },
    {
      rule: 'L11',
      states: 'sessions made at the same time stay distinct',
      verify: async (context) => {
        const count = context.harness.sessionsInParallel;
        const specs = await Promise.all(Array.from({ length: count }, () => context.readySession()));
        const answers = await Promise.all(
          specs.map(async (spec) => {
            const shell = await context.shell(spec);
            await outputOf(shell, 'echo "$1" > whose', spec.sessionId);
            return outputOf(shell, 'cat whose');
          }),
        );
        expect(answers).toEqual(specs.map(({ sessionId }) => `${sessionId}\n`));
        const [first, ...others] = specs;
        if (first) await context.target.lifecycle.destroy(first, context.deadline());
        for (const spec of others) expect(await context.observe(spec)).toMatchObject({ readiness: 'ready' });
      },
    },
    {
      rule: 'L12',
      states: 'the workbench ends by itself when its time is over',
      verify: async (context) => {
        const { selfEnding } = await context.target.describe.capabilities();
        if (!selfEnding.available) throw new NotDeclared(`not self-ending: ${selfEnding.reason}`);
        const startedAt = nowInSeconds();
        await context.readySession();
        // It has to become ready before its end, which takes each backend as long as it takes.
        const endsByEpochSeconds = Math.ceil(nowInSeconds() + 3 * (nowInSeconds() - startedAt)) + 3;
        const spec = await context.readySession({ endsByEpochSeconds });
        await context.stopsBeingReady(spec);
        expect(nowInSeconds()).toBeGreaterThanOrEqual(endsByEpochSeconds);
      },
    },
  ],
};

const abortAfterMilliseconds = [0, 2, 10, 50, 200];

const nowInSeconds = (): number => systemClock.now().getTime() / 1000;

async function abortedEnsure(context: ConformanceContext, spec: SessionSpec, afterMilliseconds: number): Promise<void> {
  const ended = await context.target.lifecycle.ensure(spec, AbortSignal.timeout(afterMilliseconds)).then(
    () => 'answered before the abort',
    (error: unknown) => error,
  );
  if (typeof ended !== 'string') expect(ended).toMatchObject({ kind: expect.stringMatching(/^(timeout|cancelled)$/) });
}

/** A receipt may name more than the objects that are watched, such as what a namespace held, and nothing else's. */
function expectNamed(
  removed: readonly InfrastructureObject[],
  before: readonly InfrastructureObject[],
  { sessionId }: SessionSpec,
): void {
  expect(sorted(removed)).toEqual(expect.arrayContaining([...sorted(before)]));
  for (const { name } of removed) expect(name).toContain(sessionId);
}

function sorted(objects: readonly InfrastructureObject[]): readonly string[] {
  return objects.map(({ kind, name }) => `${kind} ${name}`).sort();
}
