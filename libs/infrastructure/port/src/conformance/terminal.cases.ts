import { expect } from 'vitest';
import type { ConformanceGroup } from './conformance-case.js';
import { outputOf } from './run-command.js';
import { Typist } from './typist.js';

const megabyte = 2 ** 20;

/** What a terminal shows and takes. How terminals end is in its own group. */
export const terminalCases: ConformanceGroup = {
  name: 'terminal',
  cases: [
    {
      rule: 'T1',
      states: 'a terminal shows what is typed, and what an interactive shell in the workspace answers',
      verify: async (context) => {
        const spec = await context.readySession();
        const typist = new Typist(context, await context.terminal(spec));
        await typist.type('echo "$((6 * 7)) in $-"; echo file > made-here\r');
        await typist.sees(/echo "\$\(\(6/);
        expect(await typist.sees(/[\r\n]42 in (\w+)/)).toContain('i');
        const shell = await context.shell(spec);
        await context.eventually(async () => expect(await outputOf(shell, 'cat made-here')).toBe('file\n'));
      },
    },
    {
      rule: 'T2',
      states: 'its shell finds the environment of the session and, before it, its own, which is shown nowhere',
      verify: async (context) => {
        const spec = await context.readySession({ environment: { COURSE: 'git', LEVEL: 'one' } });
        const environment = { LEVEL: 'two', QUOTED: `it's "$HOME"\n\\ end` };
        const typist = new Typist(context, await context.terminal(spec, { environment }));
        await typist.type(
          `printf '<%s>' "$COURSE" "$LEVEL" "$TERM"; printf %s "$QUOTED" | od -An -tx1 | tr -d ' \\n'\r`,
        );
        await typist.sees(new RegExp(`<git><two><xterm-256color>${Buffer.from(environment.QUOTED).toString('hex')}`));
        expect(Buffer.concat(typist.screen).toString()).not.toContain("it's");
      },
    },
    {
      rule: 'T3',
      states: 'it has the size that was asked for from the beginning',
      verify: async (context) => {
        const typist = new Typist(
          context,
          await context.terminal(await context.readySession(), { columns: 133, rows: 41 }),
        );
        await typist.type('stty size; echo "$COLUMNS wide"\r');
        await typist.sees(/[\r\n]41 133\r\n133 wide\r/);
      },
    },
    {
      rule: 'T4',
      states: 'a new size reaches the program in the terminal, of many in quick succession the last one at least',
      verify: async (context) => {
        const typist = new Typist(context, await context.terminal(await context.readySession()));
        await typist.type(`sh -c 'trap "stty size" WINCH; echo rea''dy; while :; do sleep 0.05; done'\r`);
        await typist.sees(/[\r\n]ready/);
        for (let columns = 81; columns <= 120; columns += 1) typist.terminal.resize({ columns, rows: 50 });
        await typist.sees(/[\r\n]50 120\r/);
        typist.terminal.resize({ columns: 20, rows: 10 });
        await typist.sees(/[\r\n]10 20\r/);
      },
    },
    {
      rule: 'T5',
      states: 'every byte goes in and comes out unchanged when the program wants it so',
      verify: async (context) => {
        const typist = new Typist(context, await context.terminal(await context.readySession()));
        const bytes = Uint8Array.from({ length: 1024 }, (_, index) => (index * 7) % 256);
        await typist.type(`stty raw -echo; printf 'rea''dy:'; head -c ${bytes.length}; printf ':do''ne'; stty sane\r`);
        await typist.sees(/ready:/);
        await typist.type(bytes);
        await typist.sees(/:done/);
        const shown = Buffer.concat(typist.screen);
        const start = shown.indexOf('ready:') + 'ready:'.length;
        expect(shown.subarray(start, shown.indexOf(':done'))).toEqual(Buffer.from(bytes));
      },
    },
    {
      rule: 'T6',
      states: 'Ctrl-C interrupts what runs in it, and the shell goes on',
      verify: async (context) => {
        const typist = new Typist(context, await context.terminal(await context.readySession()));
        await typist.type(`echo run''ning; sleep 1000\r`);
        await typist.sees(/[\r\n]running/);
        await typist.type('\x03');
        await typist.type('echo "ended with $?"\r');
        await typist.sees(/[\r\n]ended with 130\r/);
      },
    },
    {
      rule: 'T7',
      states: 'megabytes arrive whole, and never faster than they are taken',
      verify: async (context) => {
        const terminal = await context.terminal(await context.readySession());
        const seen = { bytes: 0, taking: 0, takenAtOnce: 0 };
        const reading = terminal.read(async (chunk) => {
          seen.taking += 1;
          seen.takenAtOnce = Math.max(seen.takenAtOnce, seen.taking);
          seen.bytes += chunk.filter((byte) => byte === 0x01).length;
          await new Promise((resolve) => setImmediate(resolve));
          seen.taking -= 1;
        });
        await terminal.write(Buffer.from(`head -c ${4 * megabyte} /dev/zero | tr '\\0' '\\1'; exit\r`));
        await reading;
        expect(seen).toEqual({ bytes: 4 * megabyte, taking: 0, takenAtOnce: 1 });
      },
    },
    {
      rule: 'T8',
      states: 'terminals of one session are apart',
      verify: async (context) => {
        const spec = await context.readySession();
        const [first, second] = [
          new Typist(context, await context.terminal(spec)),
          new Typist(context, await context.terminal(spec)),
        ];
        await first.type(`name=first; echo "I am $name"\r`);
        await first.sees(/[\r\n]I am first/);
        await first.terminal.close();
        await second.type(`echo "I am $name."\r`);
        await second.sees(/[\r\n]I am \./);
      },
    },
  ],
};
