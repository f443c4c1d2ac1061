import { newExecutionId } from '@nalabo/kernel';
import { expect } from 'vitest';
import { declaring, type ConformanceGroup } from './conformance-case.js';

const secret = 'a-secret-that-belongs-nowhere';

export const errorsCases: ConformanceGroup = {
  name: 'errors',
  cases: [
    {
      rule: 'E1',
      states: 'while the backend is away every call fails as unavailable, and all is as before when it is back',
      verify: async (context) => {
        const harness = declaring(context.harness, 'breakBackend');
        const { lifecycle, observe, exec } = context.target;
        const spec = await context.readySession();
        const restore = await harness.breakBackend();
        try {
          const signal = context.deadline();
          const calls = [
            lifecycle.ensure(spec, signal),
            lifecycle.destroy(spec, signal),
            observe.observe(spec, signal),
            observe.list(signal),
            observe.usage([spec], signal),
            exec.open(spec, 'learner'),
            exec.terminal(spec, { terminalId: newExecutionId(), columns: 80, rows: 24, environment: {} }),
          ];
          for (const call of await Promise.allSettled(calls)) {
            expect(call).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable' } });
          }
        } finally {
          await restore();
        }
        await context.becomesReady(spec);
      },
    },
    {
      rule: 'E2',
      states: 'an unreachable backend is an answer of the probe, with a reason',
      verify: async (context) => {
        const restore = await declaring(context.harness, 'breakBackend').breakBackend();
        try {
          const probe = await context.target.observe.probe(context.deadline());
          expect(probe).toEqual({ reachable: false, reason: expect.stringMatching(/\w/), version: null });
        } finally {
          await restore();
        }
      },
    },
    {
      rule: 'E3',
      states: 'a call whose signal has already aborted fails as cancelled and changes nothing',
      verify: async (context) => {
        const { lifecycle, observe } = context.target;
        const signal = AbortSignal.abort();
        const spec = context.newSpec();
        await expect(lifecycle.ensure(spec, signal)).rejects.toMatchObject({ kind: 'cancelled' });
        expect(await context.onBackend(spec)).toEqual([]);
        await expect(observe.list(signal)).rejects.toMatchObject({ kind: 'cancelled' });
        await expect(observe.observe(spec, signal)).rejects.toMatchObject({ kind: 'cancelled' });
      },
    },
    {
      rule: 'E4',
      states: 'values of the session’s environment appear in no observation, no list and no error',
      verify: async (context) => {
        const spec = await context.readySession({ environment: { TOKEN: secret } });
        const other = context.newSpec({ environment: { TOKEN: secret } });
        await context.foreignObject(other, 'nobody');
        const said = [
          await context.observe(spec),
          await context.target.observe.list(context.deadline()),
          await context.ensure(other).catch(describeError),
        ];
        expect(JSON.stringify(said)).not.toContain(secret);
      },
    },
  ],
};

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return { ...error, message: error.message, stack: error.stack, cause: describeError(error.cause) };
}
