import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, newExecutionId } from '@nalabo/kernel';
import { specFactory } from '../conformance/spec-factory.js';
import { MemoryBackend } from './memory-backend.js';
import { ensureSteps } from './memory-faults.js';
import { MemoryTarget } from './memory-target.js';

const newSpec = specFactory(0);
const signal = new AbortController().signal;
const nobody = { stdout: () => undefined, stderr: () => undefined };
const echo = {
  executionId: newExecutionId(),
  program: ['true'],
  workingDirectory: '/workspace',
  environment: {},
  stdin: null,
};

let target: MemoryTarget;

beforeEach(() => {
  target = new MemoryTarget({ clock: new ManualClock() });
});

describe('a failing backend', () => {
  it.each([
    ['network', 0],
    ['volumes', 1],
    ['create', 7],
    ['start', 8],
    ['ready', 8],
  ] as const)(
    'that stops at step %s keeps the %i objects made before, and a later ensure completes them',
    async (step, made) => {
      const spec = newSpec();
      target.backend.faults.failEnsureAtStep = step;
      await expect(target.lifecycle.ensure(spec, signal)).rejects.toMatchObject({ kind: 'unavailable' });
      expect(await target.observe.list(signal)).toHaveLength(made);

      target.backend.faults.failEnsureAtStep = null;
      expect(await target.lifecycle.ensure(spec, signal)).toMatchObject({ readiness: 'ready' });
      expect(await target.observe.list(signal)).toHaveLength(8);
    },
  );

  it('that loses the reply has done the work', async () => {
    const spec = newSpec();
    target.backend.faults.loseReply = true;
    await expect(target.lifecycle.ensure(spec, signal)).rejects.toMatchObject({ kind: 'timeout' });
    target.backend.faults.loseReply = false;
    expect(await target.observe.observe(spec, signal)).toMatchObject({ readiness: 'ready' });
  });

  it('that loses the reply of a command answers lost', async () => {
    const spec = newSpec();
    await target.lifecycle.ensure(spec, signal);
    const shell = await target.exec.open(spec);
    target.backend.faults.loseReply = true;
    expect(await shell.run(echo, nobody, signal)).toMatchObject({ end: { kind: 'lost' } });
    target.backend.faults.loseReply = false;
    await target.lifecycle.destroy(spec, signal);
  });

  it('that hangs answers when the signal aborts: timeout for a time limit, cancelled otherwise', async () => {
    target.backend.faults.hang = true;
    await expect(target.observe.list(AbortSignal.timeout(5))).rejects.toMatchObject({ kind: 'timeout' });
    await expect(target.observe.list(AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('that is slow runs into a time limit', async () => {
    target.backend.faults.slowMilliseconds = 60_000;
    await expect(target.observe.list(AbortSignal.timeout(5))).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('that cannot list throws and never answers partially', async () => {
    await target.lifecycle.ensure(newSpec(), signal);
    target.backend.faults.listFails = true;
    await expect(target.observe.list(signal)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await target.observe.probe(signal)).toMatchObject({ reachable: true });
  });
});

describe('a memory session', () => {
  it('is pending for as many looks as configured, the one of ensure included', async () => {
    const spec = newSpec();
    target.backend.looksUntilReady = 2;
    const first = await target.lifecycle.ensure(spec, signal);
    const second = await target.observe.observe(spec, signal);
    const third = await target.observe.observe(spec, signal);
    expect([first, second, third]).toMatchObject([
      { readiness: 'pending' },
      { readiness: 'pending' },
      { readiness: 'ready', reason: null },
    ]);
  });

  it('names the steps of ensure in their order', async () => {
    const observation = await target.lifecycle.ensure(newSpec(), signal);
    const steps = observation.presence === 'present' ? observation.steps.map(({ step }) => step) : [];
    expect(steps).toEqual(ensureSteps);
  });

  it('uses what a test reports for it', async () => {
    const spec = newSpec();
    await target.lifecycle.ensure(spec, signal);
    target.backend.reportUsage(spec.sessionId, { cpuSecondsTotal: 12.5, networkSentBytes: null });
    expect(await target.observe.usage([spec], signal)).toEqual([
      {
        sessionId: spec.sessionId,
        cpuSecondsTotal: 12.5,
        memoryBytes: 0,
        networkReceivedBytes: 0,
        networkSentBytes: null,
        processes: 1,
      },
    ]);
  });

  it('is removed with the time of the injected clock', async () => {
    const spec = newSpec();
    await target.lifecycle.ensure(spec, signal);
    const removed = await target.lifecycle.destroy(spec, signal);
    expect(new Set(removed.map(({ at }) => at))).toEqual(new Set(['2026-01-01T00:00:00.000Z']));
    expect(removed.map(({ kind }) => kind)).toEqual(['container', ...Array<string>(6).fill('volume'), 'network']);
  });
});

describe('two targets on one backend', () => {
  it('see the same sessions when they are of one installation, and not each other’s otherwise', async () => {
    const backend = new MemoryBackend();
    const [first, same, other] = ['here', 'here', 'there'].map((instance) => new MemoryTarget({ backend, instance }));
    const spec = newSpec();
    await first!.lifecycle.ensure(spec, signal);
    expect(await same!.observe.list(signal)).toHaveLength(8);
    expect(await other!.observe.list(signal)).toEqual([]);
    expect(await other!.observe.observe(spec, signal)).toEqual({ presence: 'absent' });
  });
});
