import type { Shell } from '@nalabo/infrastructure-port';
import { expect, it } from 'vitest';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { run, script, scriptUntilHeard } from '../testing/run-command.js';

const exited = (exitCode: number, startFailed = false): object => ({ kind: 'exited', exitCode, startFailed });
const killed = { kind: 'killed' };
/** Much more than the deadlines of a kill are together, and much less than forever. */
const boundedMs = 20_000;

await describeOnEngine('commands by engine exec', (current) => {
  const openShell = async (environment: Record<string, string> = {}): Promise<Shell> => {
    const { test } = current();
    return test.target.exec.open(await test.ready({ environment }), 'learner');
  };

  it('tell a failed start from a failed command, and speak as sh', async () => {
    const shell = await openShell();
    expect(await run(shell, ['no-such-program'])).toEqual({
      end: exited(127, true),
      stdout: '',
      stderr: 'sh: 1: exec: no-such-program: not found\n',
    });
    expect(await run(shell, ['/etc/passwd'])).toMatchObject({ end: exited(126, true) });
    expect(await run(shell, [''])).toMatchObject({ end: { kind: 'exited', startFailed: true } });
    expect(await run(shell, ['true'], { workingDirectory: '/no/such/folder' })).toEqual({
      end: exited(126, true),
      stdout: '',
      stderr: "sh: 1: cd: can't cd to /no/such/folder\n",
    });
    expect(await run(shell, ['x'.repeat(200_000)])).toMatchObject({ end: { kind: 'exited', startFailed: true } });
    expect(await script(shell, 'no-such-program')).toMatchObject({ end: exited(127) });
    expect(await script(shell, 'exit 126')).toMatchObject({ end: exited(126) });
  });

  it('survive a learner who kills everything of his own', async () => {
    const shell = await openShell();
    await script(shell, 'kill -9 -1');
    expect(await script(shell, 'echo alive')).toMatchObject({ end: exited(0), stdout: 'alive\n' });
  });

  it('are killed although they ignore SIGTERM, in bounded time', async () => {
    const shell = await openShell();
    const startedAt = performance.now();
    const signal = AbortSignal.timeout(500);
    expect(await script(shell, `trap '' TERM; while :; do sleep 0.1; done`, { signal })).toMatchObject({ end: killed });
    expect(performance.now() - startedAt).toBeLessThan(boundedMs);
    expect(await script(shell, 'pgrep -u 1000 -x sleep')).toMatchObject({ stdout: '' });
  });

  it('may say a last word when they are asked to end', async () => {
    const shell = await openShell();
    const text = `trap 'echo last word; exit 3' TERM; echo ready; while :; do sleep 0.05; done`;
    expect(await scriptUntilHeard(shell, text)).toMatchObject({ end: killed, stdout: 'ready\nlast word\n' });
  });

  it('are killed although they took the mark off and hold their own group', async () => {
    const shell = await openShell();
    const argv = ['env', '-i', '/bin/sh', '-c', '/bin/sleep 1000 & /bin/sleep 1000'];
    expect(await run(shell, argv, { signal: AbortSignal.timeout(500) })).toMatchObject({ end: killed });
    expect(await script(shell, 'pgrep -u 1000 -x sleep')).toMatchObject({ stdout: '' });
  });

  it('are killed although the process limit is used up', async () => {
    const shell = await openShell();
    const text = `python3 -c '
import os, time
try:
    while True:
        if os.fork() == 0:
            os.setsid(); time.sleep(1000)
except OSError:
    print("full", flush=True); time.sleep(1000)'`;
    expect(await scriptUntilHeard(shell, text)).toMatchObject({ end: killed, stdout: 'full\n' });
    const after = await script(shell, 'pgrep -c -u 1000 python3');
    expect(after.stdout).toBe('0\n');
  });

  it('end although a background child holds their output open', async () => {
    const shell = await openShell();
    const startedAt = performance.now();
    expect(await script(shell, 'sleep 1000 & echo done; exit 4')).toEqual({
      end: exited(4),
      stdout: 'done\n',
      stderr: '',
    });
    expect(performance.now() - startedAt).toBeLessThan(boundedMs);
  });

  it('throw what their consumer throws, and are killed then', async () => {
    const { test } = current();
    const spec = await test.ready();
    const shell = await test.target.exec.open(spec, 'learner');
    const io = {
      stdout: (): never => {
        throw new Error('no more');
      },
      stderr: () => undefined,
    };
    const command = {
      executionId: '00000000-0000-4000-8000-000000000000',
      program: ['sh', '-c', 'echo hello; sleep 1000'],
      workingDirectory: '/workspace',
      environment: {},
      stdin: null,
    };
    await expect(shell.run(command, io, AbortSignal.timeout(30_000))).rejects.toThrow('no more');
    expect(await script(shell, 'pgrep -u 1000 -x sleep')).toMatchObject({ stdout: '' });
  });

  it('of a checker have a clean environment and are out of the learner’s reach', async () => {
    const { test } = current();
    const spec = await test.ready({ environment: { COURSE: 'git', PATH: '/workspace/bin:/bin:/usr/bin' } });
    const checker = await test.target.exec.open(spec, 'checker');
    const learner = await test.target.exec.open(spec, 'learner');
    const { stdout } = await run(checker, ['/usr/bin/env']);
    const names = stdout.split('\n').flatMap((line) => line.split('=')[0] || []);
    expect(names.toSorted()).toEqual(['HOME', 'HOSTNAME', 'LANG', 'NALABO_EXECUTION', 'PATH', 'PWD']);
    expect(stdout).toContain('PATH=/usr/local/sbin:');
    const checking = run(checker, ['sleep', '2']);
    const { stdout: attempt } = await script(learner, 'sleep 0.5; pkill -9 -u 2000 2>&1; pgrep -c -u 2000');
    expect(attempt).toContain('not permitted');
    expect(await checking).toMatchObject({ end: exited(0) });
  });
});
