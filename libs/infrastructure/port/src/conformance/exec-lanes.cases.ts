import { expect } from 'vitest';
import { newExecutionId } from '@nalabo/kernel';
import type { CommandReport, CommandRun, Shell } from '../exec.js';
import type { ConformanceGroup } from './conformance-case.js';
import { exitedWith, outputOf, runScript } from './run-command.js';

const soonMilliseconds = 10_000;

/** How commands travel, and what is known of what they leave behind. */
export const execLaneCases: ConformanceGroup = {
  name: 'exec: lanes',
  cases: [
    {
      rule: 'X19',
      states: 'commands and scripts travel through a shell that is open already, those with standard input by exec',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        expect(await report(shell, { program: ['true'] })).toMatchObject({ end: exitedWith(0), path: 'lane' });
        expect(await report(shell, { program: { script: 'exit 3' } })).toMatchObject({
          end: exitedWith(3),
          path: 'lane',
        });
        const withInput = { program: ['cat'], stdin: Buffer.from('input') };
        expect(await report(shell, withInput)).toMatchObject({ end: exitedWith(0), path: 'exec' });
      },
    },
    {
      rule: 'X20',
      states: 'a process in the background that holds the output keeps no answer back, and is told of',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        const startedAt = performance.now();
        const script = (text: string): CommandRun['program'] => ['sh', '-c', text];
        const left = await report(shell, { program: script('sleep 1000 & echo $! >left') });
        expect(left).toMatchObject({ end: exitedWith(0), leftProcesses: true });
        expect(performance.now() - startedAt).toBeLessThan(soonMilliseconds);
        const cleared = await report(shell, { program: script('kill "$(cat left)"') });
        expect(cleared).toMatchObject({ end: exitedWith(0), leftProcesses: false });
      },
    },
    {
      rule: 'X21',
      states: 'a command that kills the shell that runs it is lost soon, and costs no other command anything',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        await outputOf(shell, ':');
        const other = outputOf(shell, 'sleep 1; echo other');
        const startedAt = performance.now();
        const suicide = await report(shell, { program: ['sh', '-c', 'kill -9 $PPID; sleep 1000'] });
        expect(suicide.end.kind).toBe('lost');
        expect(performance.now() - startedAt).toBeLessThan(soonMilliseconds);
        expect(await other).toBe('other\n');
        expect(await outputOf(shell, 'echo next')).toBe('next\n');
      },
    },
    {
      rule: 'X22',
      states: 'the text of a script is in no list of processes while it runs',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        // A list may show other tests of the same rule.
        const needle = `needle-${newExecutionId()}`;
        const script = `: ${needle}; cat /proc/[0-9]*/cmdline 2>/dev/null >list; exit 0`;
        await report(shell, { program: { script } });
        expect((await runScript(shell, `test -s list && ! grep -q ${needle} list`)).end).toEqual(exitedWith(0));
      },
    },
    {
      rule: 'X23',
      states: 'nothing that a command does to its shell is left for the next one',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        const state = 'pwd; umask; ulimit -n; echo "${LEAK-none}"; trap; alias';
        const before = await outputOf(shell, state);
        const script = 'cd /; export LEAK=1; umask 077; ulimit -n 20; trap "echo leak" EXIT; exec >&2 2>/dev/null';
        await report(shell, { program: { script } });
        expect(await outputOf(shell, state)).toBe(before);
      },
    },
  ],
};

function report(shell: Shell, command: Partial<CommandRun>): Promise<CommandReport> {
  const io = { stdout: () => undefined, stderr: () => undefined };
  const whole: CommandRun = {
    executionId: newExecutionId(),
    program: ['true'],
    workingDirectory: '/workspace',
    environment: {},
    stdin: null,
    ...command,
  };
  return shell.run(whole, io, AbortSignal.timeout(60_000));
}
