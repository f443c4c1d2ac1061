import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeShells, exited, LocalShells, run, sh, type Ran } from './local-shells.cases.js';

const quiet = (exitCode: number): Partial<Ran> => ({ end: exited(exitCode), stdout: '', stderr: '' });

describeShells('commands in a lane', (file) => {
  let shells: LocalShells;
  beforeAll(async () => {
    shells = await LocalShells.make(file);
  });
  afterAll(async () => {
    await shells.lanes.close();
    await eventually(async () => expect(await shells.living()).toEqual([]));
    await shells.remove();
  }, 30_000);

  /** What is special about a command is its own: the next one in the same lane knows nothing of it. */
  const laneIsWell = async (): Promise<void> => {
    expect(await sh(shells.lanes, 'echo well; echo err >&2')).toEqual({
      end: exited(0),
      path: 'lane',
      leftProcesses: false,
      stdout: 'well\n',
      stderr: 'err\n',
    });
  };

  it.each<[string, string, Partial<Ran>]>([
    ['an exit code', 'exit 7', quiet(7)],
    ['the largest exit code', 'exit 255', quiet(255)],
    ['the end by a signal of its own', 'kill -9 $$', quiet(137)],
    ['the end by SIGTERM', 'kill -TERM $$', quiet(143)],
    ['the end by SIGPIPE', 'kill -PIPE $$', quiet(141)],
    ['output without a last newline', 'printf x; printf y >&2; exit 3', { end: exited(3), stdout: 'x', stderr: 'y' }],
    ['binary output', `printf '\\000\\001\\377\\001'`, { end: exited(0), stdout: '\0\x01\xff\x01' }],
    [
      'what looks like a marker',
      `printf '\\00112345678901234567890123456789012 0 0;'`,
      { end: exited(0), stdout: '\x0112345678901234567890123456789012 0 0;' },
    ],
    ['standard input that is at its end', 'cat; read line; echo $?', { end: exited(0), stdout: '1\n' }],
    [
      'a child in the background',
      'nohup sleep 1000 >/dev/null 2>&1 & kill $!; wait; echo end',
      { stdout: 'end\n', leftProcesses: false },
    ],
    ['a trap on its end', `trap 'echo bye' EXIT; exit 4`, { end: exited(4), stdout: 'bye\n' }],
  ])('have %s', async (_, text, expected) => {
    for (const program of [['sh', '-c', text], { script: text }]) {
      expect(await run(shells.lanes, program)).toMatchObject({ path: 'lane', ...expected });
    }
    await laneIsWell();
  });

  it.each([
    'if',
    'echo )',
    "echo 'open",
    'echo "open',
    'fi',
    'cat <<END\nnever',
    'echo `',
    '$(',
    '((',
    ';;',
    '}',
    '&&',
  ])('break nothing but themselves by %j', async (text) => {
    const { end, path } = await sh(shells.lanes, text);
    expect({ end, path }).toEqual({ end: (await sh(shells.execs, text)).end, path: 'lane' });
    await laneIsWell();
  });

  it.each([
    'cd /; export LEAK=1; LEAK2=1; umask 077; ulimit -n 20; set -euf',
    `trap 'echo leak' EXIT TERM INT; alias echo=false; readonly PATH IFS=x`,
    `__e() { :; }; __m() { :; }; __x() { :; }; printf() { :; }; kill() { :; }; echo() { :; }`,
    'exec 1>&2; echo err; exec 2>/dev/null',
    'exec 0<&- 1>&- 2>&- 3>&-',
    'IFS=e; PATH=/nowhere; unset HOME; set -- a b c',
    'trap "" TERM HUP INT QUIT PIPE',
  ])('leak nothing: %s', async (text) => {
    const state = 'pwd; umask; ulimit -n; echo "${LEAK-none}${LEAK2-none}$#$-$HOME$PATH"; trap; alias';
    const before = await sh(shells.execs, state);
    for (const program of [['sh', '-c', text], { script: text }]) {
      expect((await run(shells.lanes, program)).end.kind).toBe('exited');
      expect(await sh(shells.lanes, state)).toMatchObject({ path: 'lane', end: before.end, stdout: before.stdout });
      await laneIsWell();
    }
  });

  it('have the environment that an exec gives them, and their own before it', async () => {
    const environment = { LEVEL: `it's "$HOME" \\ end`, d: '1', p: '2', IFS: 'x' };
    const text = `env | sort | grep -v -e NALABO_EXECUTION -e '^_=' -e SHLVL -e OLDPWD`;
    const [lane, exec] = [shells.lanes, shells.execs].map((shell) => sh(shell, text, { environment }));
    expect(await lane).toMatchObject({ path: 'lane', stdout: (await exec)?.stdout });
    expect((await lane)?.stdout).toContain(`LEVEL=it's "$HOME" \\ end\n`);
    await laneIsWell();
  });

  it('have variables of the names that the lane uses itself', async () => {
    const environment = { __s: 'own s', __t: 'own t', __p: 'own p', __d: 'own d' };
    for (const program of [['printenv', '__s', '__t', '__p', '__d'], { script: 'printenv __s __t __p __d' }]) {
      expect(await run(shells.lanes, program, { environment })).toMatchObject({
        end: exited(0),
        stdout: 'own s\nown t\nown p\nown d\n',
      });
    }
    await laneIsWell();
  });

  it.each([
    ['stdout', 'sleep 1000 5>&1 >/dev/null 2>&1 & echo $!; sleep 0.1'],
    ['stderr', 'sleep 1000 5>&2 >/dev/null 2>&1 & echo $!; sleep 0.1'],
  ])('do not run where the one before may still write to %s by another descriptor', async (_, text) => {
    const left = await sh(shells.lanes, text);
    expect(left).toMatchObject({ path: 'lane', end: exited(0), leftProcesses: true });
    expect(await sh(shells.lanes, `kill ${left.stdout}`)).toMatchObject(quiet(0));
  });

  it('have every argument as it is', async () => {
    const all = Array.from({ length: 255 }, (_, code) => String.fromCharCode(code + 1)).join('');
    const args = ['two words', "it's", '"$HOME"', '', 'line\nbreak\n', '`id`', '\\', '*', '-n', '--', '✓𝄞', '$$', all];
    const { stdout, path } = await run(shells.lanes, ['printf', '[%s]', ...args]);
    expect({ path, text: Buffer.from(stdout, 'latin1').toString() }).toEqual({
      path: 'lane',
      text: args.map((arg) => `[${arg}]`).join(''),
    });
  });

  it('have their directory, a process id and a group of their own', async () => {
    const text = `pwd; read -r line </proc/$$/stat; line=\${line##*) }; set -- $line; echo $(($3 == $$)) $(($4 == $$))`;
    for (const program of [['sh', '-c', text], { script: text }]) {
      expect(await run(shells.lanes, program, { workingDirectory: '/usr' })).toMatchObject({ stdout: '/usr\n1 1\n' });
    }
  });

  it('may have 90 KiB of text; with 100 KiB they go by an exec of their own', async () => {
    const text = (kibibytes: number): string => `: ${'x'.repeat(kibibytes * 1024)}\nprintf end`;
    expect(await sh(shells.lanes, text(90))).toMatchObject({ path: 'lane', stdout: 'end' });
    expect(await sh(shells.lanes, text(100))).toMatchObject({ path: 'exec', stdout: 'end' });
    expect(await run(shells.lanes, { script: text(90) })).toMatchObject({ path: 'lane', stdout: 'end' });
    expect(await run(shells.lanes, { script: text(100) })).toMatchObject({ path: 'exec', stdout: 'end' });
  });

  it('deliver megabytes on both streams', async () => {
    const size = 8 * 2 ** 20;
    const { stdout, stderr } = await sh(
      shells.lanes,
      `head -c ${size} /dev/zero & head -c ${size} /dev/zero >&2; wait`,
    );
    expect([stdout.length, stderr.length]).toEqual([size, size]);
    await laneIsWell();
  });

  describe('that cannot be started', () => {
    it.each<[string, readonly string[], string | undefined, number]>([
      ['because there is no such program', ['no-such-program'], undefined, 127],
      ['because there is no such file', ['/no/such/program'], undefined, 127],
      ['because it may not be executed', ['/etc/passwd'], undefined, 126],
      ['because it is a directory', ['/usr'], undefined, 126],
      ['because their directory is missing', ['true'], '/no/such/folder', 126],
    ])('say so %s', async (_, program, workingDirectory, exitCode) => {
      const ran = await run(shells.lanes, program, workingDirectory === undefined ? {} : { workingDirectory });
      expect(ran).toMatchObject({ path: 'lane', end: exited(exitCode, true), stdout: '' });
      expect(ran.stderr).toMatch(/^sh: .*\n$/);
      await laneIsWell();
    });

    it('are told from those that answer so themselves', async () => {
      expect(await sh(shells.lanes, 'no-such-program')).toMatchObject({ end: exited(127) });
      expect(await sh(shells.lanes, 'exit 126')).toMatchObject({ end: exited(126) });
      expect(await sh(shells.lanes, 'echo "sh: 1: exec: x: not found" >&2; exit 127')).toMatchObject({
        end: exited(127),
      });
      expect(await run(shells.lanes, { script: 'no-such-program' })).toMatchObject({ end: exited(127) });
    });

    it('are found in folders of the learner, and their missing interpreters too', async () => {
      const own = join(shells.directory, 'own');
      await writeFile(own, '#!/bin/sh\necho own; exit 5\n');
      await chmod(own, 0o755);
      const environment = { PATH: `${shells.directory}:/usr/bin:/bin` };
      expect(await run(shells.lanes, ['own'], { environment })).toMatchObject({ end: exited(5), stdout: 'own\n' });
      await writeFile(own, '#!/no/such/shell\n');
      const { end, stderr } = await run(shells.lanes, ['own'], { environment });
      expect(end).toMatchObject({ startFailed: true });
      expect(stderr).toMatch(/^sh: /);
      await laneIsWell();
    });
  });
});
