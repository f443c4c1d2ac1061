import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newExecutionId } from '@nalabo/kernel';
import {
  sessionObjectName,
  type CommandReport,
  type CommandRun,
  type SessionRef,
  type Shell,
} from '@nalabo/infrastructure-port';
import { eventually, SwitchableProxy } from '@nalabo/testing';
import { expect, it } from 'vitest';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { run, script } from '../testing/run-command.js';
import { TestTarget } from '../testing/test-target.js';

const exited = (exitCode: number): object => ({ kind: 'exited', exitCode, startFailed: false });
const lane = { path: 'lane', end: exited(0) };
/** On a busy machine; what is held up is so without end. */
const soonMs = 20_000;

await describeOnEngine('lanes by engine exec', (current) => {
  const open = async (environment: Record<string, string> = {}): Promise<{ spec: SessionRef; shell: Shell }> => {
    const { test } = current();
    const spec = await test.ready({ environment });
    return { spec, shell: await test.target.exec.open(spec, 'learner') };
  };
  /** The programs in a workbench, as its engine sees them. */
  const programs = async ({ sessionId }: SessionRef): Promise<readonly string[]> => {
    const container = current().test.engine.docker.getContainer(sessionObjectName(sessionId));
    const { Titles, Processes } = (await container.top()) as { Titles: string[]; Processes: string[][] };
    return Processes.map((columns) => columns[Titles.indexOf('CMD')] ?? '');
  };

  it('leave no process when they are closed', async () => {
    const { test } = current();
    const spec = await test.ready();
    const before = await programs(spec);
    const shell = await test.target.exec.open(spec, 'learner');
    await Promise.all(Array.from({ length: 6 }, () => script(shell, 'sleep 0.2')));
    expect(await programs(spec)).toContain('/bin/sh');
    await shell.close();
    await eventually(async () => expect(await programs(spec)).toEqual(before));
  });

  it('take nothing from where a session’s own search path leads', async () => {
    const { spec, shell } = await open({ PATH: '/workspace/bin:/usr/bin:/bin' });
    const evil =
      'mkdir bin; for name in sh setsid cat kill printf; do printf "#!/bin/sh\\necho evil\\n" >bin/$name; chmod +x bin/$name; done';
    expect(await script(shell, evil)).toMatchObject({ end: exited(0) });
    await shell.close();
    const again = await current().test.target.exec.open(spec, 'learner');
    expect(await report(again, { program: ['/bin/true'] })).toMatchObject(lane);
    expect(await run(again, ['sh'])).toMatchObject({ end: exited(0), stdout: 'evil\n' });
    expect(await run(again, ['sleep', '1000'], { signal: AbortSignal.timeout(300) })).toMatchObject({
      end: { kind: 'killed' },
    });
    await again.close();
  });

  it('of a checker are out of the learner’s reach', async () => {
    const { test } = current();
    const { spec, shell } = await open();
    const checker = await test.target.exec.open(spec, 'checker');
    expect(await report(checker, { program: { script: 'exit 0' } })).toMatchObject(lane);
    const attack = `for process in /proc/[0-9]*; do
      [ "$(stat -c %u $process)" = 2000 ] || continue
      kill -9 \${process#/proc/}; cat $process/environ; echo forged >$process/fd/1; head -c 1 $process/mem
    done 2>&1; kill -9 -1`;
    const { stdout } = await script(shell, attack);
    expect(stdout).not.toContain('NALABO');
    expect(await report(checker, { program: ['true'] })).toMatchObject(lane);
    await checker.close();
  });

  it('hold up no exec while nobody takes the output of a command', async () => {
    const { shell } = await open();
    const abort = new AbortController();
    const flood = report(
      shell,
      { program: ['yes'] },
      { signal: abort.signal, take: () => once(abort.signal, 'abort') },
    );
    const startedAt = performance.now();
    expect(await report(shell, { program: ['cat'], stdin: Buffer.from('x') })).toMatchObject({ path: 'exec' });
    expect(performance.now() - startedAt).toBeLessThan(soonMs);
    abort.abort();
    expect((await flood).end).toEqual({ kind: 'killed' });
  });

  it('are lost at once when the connection to the engine breaks, and new ones take their place', async () => {
    const { test, socketPath } = current();
    const path = join(tmpdir(), `nalabo-engine-${randomBytes(6).toString('hex')}.sock`);
    const proxy = new SwitchableProxy({ path: socketPath }, { path });
    await proxy.open();
    const behind = new TestTarget(socketPath, { dockerHost: `unix://${path}`, instance: test.instance });
    const { spec, shell: keeper } = await open();
    const shell = await behind.target.exec.open(spec, 'learner');
    expect(await report(shell, { program: ['true'] })).toMatchObject(lane);
    const running = report(shell, { program: ['sleep', '1000'] });
    await eventually(async () => expect(await programs(spec)).toContain('sleep 1000'));
    const startedAt = performance.now();
    await proxy.shut();
    expect((await running).end.kind).toBe('lost');
    expect(performance.now() - startedAt).toBeLessThan(soonMs);
    await expect(report(shell, { program: ['true'] })).rejects.toMatchObject({ kind: 'unavailable' });
    await proxy.open();
    await eventually(async () => expect(await report(shell, { program: ['true'] })).toMatchObject(lane), {
      timeoutMs: 30_000,
    });
    await shell.close();
    await keeper.close();
    await proxy.shut();
  });
});

interface Taking {
  readonly signal?: AbortSignal;
  readonly take?: () => Promise<unknown>;
}

function report(shell: Shell, command: Partial<CommandRun>, { signal, take }: Taking = {}): Promise<CommandReport> {
  const whole: CommandRun = {
    executionId: newExecutionId(),
    program: ['true'],
    workingDirectory: '/workspace',
    environment: {},
    stdin: null,
    ...command,
  };
  const stdout = async (): Promise<void> => void (await take?.());
  return shell.run(whole, { stdout, stderr: () => undefined }, signal ?? AbortSignal.timeout(60_000));
}
