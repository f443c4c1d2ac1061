import { expect } from 'vitest';
import type { CommandEnd, CommandIo, Shell } from '../exec.js';
import type { ConformanceGroup } from './conformance-case.js';
import type { ConformanceContext } from './conformance-context.js';
import { exitedWith, outputOf, runScript } from './run-command.js';

/** How commands are ended from outside. */
export const execEndCases: ConformanceGroup = {
  name: 'exec: ended from outside',
  cases: [
    {
      rule: 'X11',
      states: 'an abort ends the command and everything in its process group as killed',
      verify: async (context) => {
        await killsAll(context, 'sleep 1000 & first=$!; sleep 1000 & echo $first $!; wait');
      },
    },
    {
      rule: 'X12',
      states: 'an abort also ends what ignores requests to end and what has left the process group',
      verify: async (context) => {
        await killsAll(context, `trap '' TERM HUP; setsid sh -c 'trap "" TERM HUP; echo $$; sleep 1000; :' & wait`);
      },
    },
    {
      rule: 'X13',
      states: 'an abort ends a command whose output nobody takes any more',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        const abort = new AbortController();
        const io: CommandIo = {
          stdout: () => {
            abort.abort();
            return new Promise<void>(() => undefined);
          },
          stderr: () => undefined,
        };
        const { end } = await runScript(shell, 'while :; do echo more; done', { io, signal: abort.signal });
        expect(end).toEqual({ kind: 'killed' });
      },
    },
    {
      rule: 'X14',
      states: 'a command whose signal was aborted before it began is killed, and the shell goes on',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        const { end } = await runScript(shell, 'echo ran > ran', { signal: AbortSignal.abort() });
        expect(end).toEqual({ kind: 'killed' });
        expect((await runScript(shell, 'test ! -e ran')).end).toEqual(exitedWith(0));
      },
    },
    {
      rule: 'X15',
      states: 'a command whose workbench goes away is lost or killed, never a success',
      verify: async (context) => {
        const spec = await context.readySession();
        const running = await startUntilFirstLine(await context.shell(spec), 'echo started; sleep 1000');
        await context.harness.killWorkbench(spec);
        expect(['lost', 'killed']).toContain((await running.end).kind);
      },
    },
    {
      rule: 'X16',
      states: 'a session that is destroyed while a command runs ends it as lost or killed',
      verify: async (context) => {
        const spec = await context.readySession();
        const running = await startUntilFirstLine(await context.shell(spec), 'echo started; sleep 1000');
        await context.target.lifecycle.destroy(spec, context.deadline());
        expect(['lost', 'killed']).toContain((await running.end).kind);
      },
    },
    {
      rule: 'X17',
      states: 'a session that is absent or whose workbench has ended has no shell: not_found',
      verify: async (context) => {
        await expect(context.shell(context.newSpec())).rejects.toMatchObject({ kind: 'not_found' });
        const spec = await context.readySession();
        await context.harness.killWorkbench(spec);
        await context.stopsBeingReady(spec);
        await expect(context.shell(spec)).rejects.toMatchObject({ kind: 'not_found' });
      },
    },
    {
      rule: 'X18',
      states: 'what a command leaves running in the background goes on when the command has ended',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        const processId = await outputOf(shell, 'nohup sleep 1000 >/dev/null 2>&1 & echo $!');
        expect(await outputOf(shell, namesLiving, processId.trim())).toBe(processId);
      },
    },
  ],
};

/** Runs a script that prints the ids of long-lived processes, aborts it, and looks that none of them is left. */
async function killsAll(context: ConformanceContext, script: string): Promise<void> {
  const shell = await context.shell(await context.readySession());
  const abort = new AbortController();
  const running = await startUntilFirstLine(shell, script, abort.signal);
  abort.abort();
  expect(await running.end).toEqual({ kind: 'killed' });
  const processIds = running.output().match(/\d+/g) ?? [];
  expect(processIds).not.toEqual([]);
  await context.eventually(async () => {
    expect((await runScript(shell, namesLiving, { args: processIds })).stdout).toBe('');
  });
}

/** Names the processes that live. One that has ended and waits to be reaped counts as ended. */
export const namesLiving = `for pid; do case "$(cat /proc/$pid/stat 2>/dev/null)" in ''|*') Z '*|*') X '*) ;; *) echo $pid ;; esac; done`;

interface RunningCommand {
  readonly end: Promise<CommandEnd>;
  output(): string;
}

async function startUntilFirstLine(shell: Shell, script: string, signal?: AbortSignal): Promise<RunningCommand> {
  const chunks: Uint8Array[] = [];
  const firstLine = Promise.withResolvers<void>();
  const io: CommandIo = {
    stdout: (chunk) => {
      chunks.push(Uint8Array.from(chunk));
      firstLine.resolve();
    },
    stderr: () => undefined,
  };
  const end = runScript(shell, script, { io, ...(signal && { signal }) }).then((result) => result.end);
  await Promise.race([firstLine.promise, end]);
  return { end, output: () => Buffer.concat(chunks).toString() };
}
