import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Shell, Terminal } from '../exec.js';
import type { InfrastructureTarget } from '../facets.js';
import { memoryHarness } from '../memory/memory-harness.js';
import type { MemoryTarget } from '../memory/memory-target.js';
import type { SessionRef } from '../reference.js';
import { conformanceGroups, verifyCase } from './index.js';

const rules = conformanceGroups.flatMap(({ cases }) => cases);

interface Mutant {
  readonly rule: string;
  readonly fault: string;
  spoil(target: MemoryTarget): InfrastructureTarget;
}

/** Targets that break one promise each. They show that the suite can fail, rule by rule. */
const mutants: readonly Mutant[] = [
  {
    rule: 'L4',
    fault: 'destroy leaves a volume behind',
    spoil: (target) =>
      lifecycle(target, {
        destroy: async (ref, signal) => {
          const removed = await target.lifecycle.destroy(ref, signal);
          const volume = { kind: 'volume', name: `nalabo-session-${ref.sessionId}-f9`, labels: {} } as const;
          if (removed.length > 0) target.backend.addObject(volume);
          return removed;
        },
      }),
  },
  {
    rule: 'L6',
    fault: 'destroy of nothing is an error',
    spoil: (target) => lifecycle(target, { destroy: () => Promise.reject(new Error('no such session')) }),
  },
  {
    rule: 'O1',
    fault: 'absent is an error',
    spoil: (target) => observe(target, { observe: () => Promise.reject(new Error('no such session')) }),
  },
  {
    rule: 'O4',
    fault: 'list misses an object',
    spoil: (target) => observe(target, { list: async (signal) => (await target.observe.list(signal)).slice(1) }),
  },
  {
    rule: 'O9',
    fault: 'usage answers for sessions that are absent',
    spoil: (target) =>
      observe(target, {
        usage: (refs) =>
          Promise.resolve(
            refs.map(({ sessionId }) => ({
              sessionId,
              cpuSecondsTotal: 0,
              memoryBytes: 0,
              networkReceivedBytes: null,
              networkSentBytes: null,
              processes: null,
            })),
          ),
      }),
  },
  {
    rule: 'X1',
    fault: 'standard error arrives as standard output',
    spoil: (target) =>
      commands(target, (shell, command, io, signal) => shell.run(command, { ...io, stderr: io.stdout }, signal)),
  },
  {
    rule: 'X2',
    fault: 'every command succeeds',
    spoil: (target) =>
      commands(target, async (shell, ...rest) => {
        const report = await shell.run(...rest);
        return { ...report, end: { kind: 'exited', exitCode: 0, startFailed: false } };
      }),
  },
  {
    rule: 'X9',
    fault: 'output is pushed without waiting',
    spoil: (target) =>
      commands(target, (shell, command, io, signal) => {
        const push = {
          stdout: (chunk: Uint8Array) => void io.stdout(chunk),
          stderr: (chunk: Uint8Array) => void io.stderr(chunk),
        };
        return shell.run(command, push, signal);
      }),
  },
  {
    rule: 'X11',
    fault: 'an abort is answered and nothing is killed',
    spoil: (target) =>
      commands(target, (shell, command, io, signal) => {
        const aborted = once(signal, 'abort').then(
          () => ({ end: { kind: 'killed' }, path: 'exec', leftProcesses: false }) as const,
        );
        return Promise.race([shell.run(command, io, new AbortController().signal), aborted]);
      }),
  },
  {
    rule: 'T4',
    fault: 'a terminal keeps its first size',
    spoil: (target) => terminals(target, { resize: () => undefined }),
  },
  {
    rule: 'T10',
    fault: 'closing a terminal ends nothing',
    spoil: (target) => terminals(target, { close: () => Promise.resolve() }),
  },
  {
    rule: 'X19',
    fault: 'everything is said to have gone by exec',
    spoil: (target) => commands(target, async (shell, ...rest) => ({ ...(await shell.run(...rest)), path: 'exec' })),
  },
  {
    rule: 'X20',
    fault: 'nobody tells of processes that live on',
    spoil: (target) =>
      commands(target, async (shell, ...rest) => ({ ...(await shell.run(...rest)), leftProcesses: false })),
  },
  {
    rule: 'X22',
    fault: 'a script is an argument of its shell',
    spoil: (target) =>
      commands(target, (shell, command, ...rest) => {
        const { program } = command;
        const shown = 'script' in program ? ['sh', '-c', program.script] : program;
        return shell.run({ ...command, program: shown }, ...rest);
      }),
  },
  {
    rule: 'A2',
    fault: 'a plan is carried out at once',
    spoil: (target) =>
      spoiled(target, {
        apply: spoiled(target.apply, {
          plan: async (ref, request, signal) => {
            const plan = await target.apply.plan(ref, request, signal);
            await target.apply.apply(plan, signal);
            return plan;
          },
        }),
      }),
  },
  {
    rule: 'A12',
    fault: 'ensure does not know what was applied',
    spoil: (target) =>
      lifecycle(target, { ensure: (spec, signal) => target.lifecycle.ensure({ ...spec, applied: null }, signal) }),
  },
  {
    rule: 'E1',
    fault: 'a list that failed answers that there is nothing',
    spoil: (target) => observe(target, { list: (signal) => target.observe.list(signal).catch(() => []) }),
  },
];

/** A rule is verified twice, some of them with many commands that are real processes. */
const timeout = 120_000;

describe('the conformance suite', { timeout }, () => {
  it('gives every rule a number of its own', () => {
    const numbers = rules.map(({ rule }) => rule);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('has a case for every rule of docs/provider-contract.md and a rule for every case', async () => {
    const contract = await readFile(`${import.meta.dirname}/../../../../../docs/provider-contract.md`, 'utf8');
    const documented = [...contract.matchAll(/^\| ([A-Z]\d+) /gm)].map(([, rule]) => rule);
    expect(documented).toEqual(rules.map(({ rule }) => rule));
  });

  it.for(mutants)('$rule fails when $fault', async ({ rule, spoil }) => {
    const found = rules.find((candidate) => candidate.rule === rule);
    const harness = { ...memoryHarness(spoil), deadlineMilliseconds: 500 };
    await expect(verifyCase(found!, harness)).rejects.toThrow();
    await verifyCase(found!, memoryHarness());
  });
});

/** The same thing with some of its members replaced. */
function spoiled<Whole extends object>(whole: Whole, replaced: Partial<Whole>): Whole {
  return Object.assign(Object.create(whole) as Whole, replaced);
}

function lifecycle(target: MemoryTarget, replaced: Partial<MemoryTarget['lifecycle']>): InfrastructureTarget {
  return spoiled(target, { lifecycle: spoiled(target.lifecycle, replaced) });
}

function observe(target: MemoryTarget, replaced: Partial<MemoryTarget['observe']>): InfrastructureTarget {
  return spoiled(target, { observe: spoiled(target.observe, replaced) });
}

function commands(
  target: MemoryTarget,
  run: (shell: Shell, ...rest: Parameters<Shell['run']>) => ReturnType<Shell['run']>,
): InfrastructureTarget {
  const open = async (ref: SessionRef): Promise<Shell> => {
    const shell = await target.exec.open(ref);
    return spoiled(shell, { run: (...rest) => run(shell, ...rest) });
  };
  return spoiled(target, { exec: spoiled(target.exec, { open }) });
}

function terminals(target: MemoryTarget, replaced: Partial<Terminal>): InfrastructureTarget {
  const terminal = async (...request: Parameters<MemoryTarget['exec']['terminal']>): Promise<Terminal> => {
    const opened = await target.exec.terminal(...request);
    return {
      read: (take) => opened.read(take),
      write: (bytes) => opened.write(bytes),
      resize: (size) => opened.resize(size),
      ended: () => opened.ended(),
      close: () => opened.close(),
      ...replaced,
    };
  };
  return spoiled(target, { exec: spoiled(target.exec, { terminal }) });
}
