import { expect } from 'vitest';
import type { ConformanceGroup } from './conformance-case.js';
import { exitedWith, outputOf, runProgram, runScript } from './run-command.js';

const megabyte = 2 ** 20;

/** What a command gets and what it answers. How commands are ended is in its own group. */
export const execCases: ConformanceGroup = {
  name: 'exec',
  cases: [
    {
      rule: 'X1',
      states: 'standard output and standard error stay apart',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        const result = await runScript(shell, 'echo out; echo err >&2; echo out again');
        expect(result).toEqual({ end: exitedWith(0), stdout: 'out\nout again\n', stderr: 'err\n' });
      },
    },
    {
      rule: 'X2',
      states: 'the exit code is the command’s own, and 128 plus the signal for one that a signal ended',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        for (const code of [0, 1, 42, 255]) {
          expect((await runScript(shell, `exit ${code}`)).end).toEqual(exitedWith(code));
        }
        expect((await runScript(shell, 'kill -9 $$')).end).toEqual(exitedWith(137));
      },
    },
    {
      rule: 'X3',
      states: 'arguments arrive exactly, whatever characters they hold',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        const args = ['two words', "it's", '"$HOME"', '', 'line\nbreak', '`id`', '\\', '*', '-n', 'é✓'];
        const { end, stdout } = await runScript(shell, `printf '[%s]' "$@"`, { args });
        expect(end).toEqual(exitedWith(0));
        expect(stdout).toBe(args.map((arg) => `[${arg}]`).join(''));
      },
    },
    {
      rule: 'X4',
      states: 'commands find the environment of the session and, before it, their own',
      verify: async (context) => {
        const dollars = '$(HOME) $HOME $$(HOME) pa$$word $';
        const spec = await context.readySession({ environment: { COURSE: 'git', LEVEL: 'one', DOLLARS: dollars } });
        const environment = { LEVEL: 'two', QUOTED: `it's "$HOME"\n\\ end` };
        const { stdout } = await runScript(
          await context.shell(spec),
          `printf '%s|%s|%s|%s' "$COURSE" "$LEVEL" "$QUOTED" "$DOLLARS"`,
          {
            environment,
          },
        );
        expect(stdout).toBe(`git|two|${environment.QUOTED}|${dollars}`);
        expect(await outputOf(await context.shell(spec), 'printf %s "$LEVEL"')).toBe('one');
      },
    },
    {
      rule: 'X5',
      states: 'commands run in the working directory they ask for',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        await outputOf(shell, 'mkdir "a folder" && echo here > "a folder/file"');
        const { stdout } = await runProgram(shell, ['cat', 'file'], { workingDirectory: '/workspace/a folder' });
        expect(stdout).toBe('here\n');
      },
    },
    {
      rule: 'X6',
      states: 'an unknown command and a missing working directory are a failed start, with 126 or 127',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        const ends = [
          (await runProgram(shell, ['no-such-program', '--version'])).end,
          (await runProgram(shell, ['/workspace/no/such/program'])).end,
          (await runProgram(shell, ['true'], { workingDirectory: '/workspace/no/such/folder' })).end,
        ];
        for (const end of ends) {
          expect(end).toMatchObject({ kind: 'exited', startFailed: true });
          expect([126, 127]).toContain(end.kind === 'exited' && end.exitCode);
        }
      },
    },
    {
      rule: 'X7',
      states: 'standard input arrives byte for byte and is then closed',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        const stdin = Uint8Array.from({ length: megabyte }, (_, index) => (index * 7) % 256);
        const received: Uint8Array[] = [];
        const io = {
          stdout: (chunk: Uint8Array) => void received.push(Uint8Array.from(chunk)),
          stderr: () => undefined,
        };
        expect((await runProgram(shell, ['cat'], { stdin, io })).end).toEqual(exitedWith(0));
        expect(Buffer.concat(received).equals(stdin)).toBe(true);
      },
    },
    {
      rule: 'X8',
      states: 'without standard input a command reads its end at once, and input that nobody reads does no harm',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        expect(await runProgram(shell, ['cat'])).toEqual({ end: exitedWith(0), stdout: '', stderr: '' });
        expect((await runProgram(shell, ['cat'], { stdin: new Uint8Array() })).end).toEqual(exitedWith(0));
        const unread = await runProgram(shell, ['true'], { stdin: new Uint8Array(megabyte) });
        expect(unread.end).toEqual(exitedWith(0));
      },
    },
    {
      rule: 'X9',
      states: 'megabytes on both streams arrive whole, and never faster than they are taken',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        const stdout = slowConsumer('o');
        const stderr = slowConsumer('e');
        const script = `head -c ${4 * megabyte} /dev/zero | tr '\\0' o & head -c ${4 * megabyte} /dev/zero | tr '\\0' e >&2; wait`;
        const { end } = await runScript(shell, script, { io: { stdout: stdout.take, stderr: stderr.take } });
        expect(end).toEqual(exitedWith(0));
        expect(stdout.seen()).toEqual({ bytes: 4 * megabyte, foreignBytes: 0, takenAtOnce: 1 });
        expect(stderr.seen()).toEqual({ bytes: 4 * megabyte, foreignBytes: 0, takenAtOnce: 1 });
      },
    },
    {
      rule: 'X10',
      states: 'commands that run at the same time in one shell do not mix',
      verify: async (context) => {
        const shell = await context.shell(await context.readySession());
        const names = Array.from({ length: 8 }, (_, index) => `command-${index}`);
        const script = 'i=0; while [ $i -lt 200 ]; do echo "$1"; i=$((i+1)); done';
        const outputs = await Promise.all(names.map((name) => outputOf(shell, script, name)));
        expect(outputs).toEqual(names.map((name) => `${name}\n`.repeat(200)));
      },
    },
  ],
};

/** Takes its time over every chunk and notes whether the next one was pushed on it meanwhile. */
function slowConsumer(letter: string): {
  take: (chunk: Uint8Array) => Promise<void>;
  seen: () => { bytes: number; foreignBytes: number; takenAtOnce: number };
} {
  const seen = { bytes: 0, foreignBytes: 0, takenAtOnce: 0 };
  let taking = 0;
  const take = async (chunk: Uint8Array): Promise<void> => {
    taking += 1;
    seen.takenAtOnce = Math.max(seen.takenAtOnce, taking);
    seen.bytes += chunk.length;
    seen.foreignBytes += chunk.filter((byte) => byte !== letter.charCodeAt(0)).length;
    await new Promise((resolve) => setImmediate(resolve));
    taking -= 1;
  };
  return { take, seen: () => seen };
}
