import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shell, Terminal, TerminalRequest } from '@nalabo/infrastructure-port';
import { newExecutionId } from '@nalabo/kernel';
import { eventually, SwitchableProxy } from '@nalabo/testing';
import { expect, it } from 'vitest';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { script } from '../testing/run-command.js';
import { TestTarget } from '../testing/test-target.js';

interface Opened {
  readonly terminal: Terminal;
  readonly shell: Shell;
  readonly screen: () => string;
  readonly end: Promise<number | null>;
}

async function openIn(test: TestTarget, overrides: Partial<TerminalRequest> = {}): Promise<Opened> {
  const spec = await test.ready({ environment: { COURSE: 'git' } });
  const request = { terminalId: newExecutionId(), columns: 80, rows: 24, environment: {}, ...overrides };
  const terminal = await test.target.exec.terminal(spec, request);
  const chunks: Uint8Array[] = [];
  const end = terminal.read((chunk) => void chunks.push(Uint8Array.from(chunk))).then(() => terminal.ended());
  const screen = (): string => Buffer.concat(chunks).toString();
  await eventually(() => expect(screen()).toContain('$ '));
  return { terminal, shell: await test.target.exec.open(spec, 'learner'), screen, end };
}

const bashes = 'pgrep -x -u 1000 bash; pgrep -u 1000 -f "[h]ang_up"';

await describeOnEngine('terminals by engine exec', (current) => {
  it('belong to the learner, and show nobody in a list of processes what their environment is', async () => {
    const { terminal, shell, screen } = await openIn(current().test, { environment: { TOKEN: 'a-secret' } });
    await terminal.write(Buffer.from('echo "$(id -u) $HOME $PWD $COURSE $TOKEN"\r'));
    await eventually(() => expect(screen()).toContain('1000 /home/lab /workspace git a-secret\r\n'));
    const { stdout } = await script(shell, 'ps -eo args');
    expect(stdout).toContain('bash');
    expect(stdout).not.toContain('a-secret');
    await terminal.close();
    expect(await script(shell, bashes)).toMatchObject({ stdout: '' });
  });

  it('do not outlive the connection to the engine, which ends with the process that opened them', async () => {
    const { test, socketPath } = current();
    const path = join(tmpdir(), `nalabo-engine-${randomBytes(6).toString('hex')}.sock`);
    const proxy = new SwitchableProxy({ path: socketPath }, { path });
    await proxy.open();
    const behindProxy = new TestTarget(socketPath, { dockerHost: `unix://${path}` });
    try {
      const spec = await behindProxy.ready();
      const request = { terminalId: newExecutionId(), columns: 80, rows: 24, environment: {} };
      const terminal = await behindProxy.target.exec.terminal(spec, request);
      const reading = terminal.read(() => undefined);
      await terminal.write(Buffer.from(`setsid sh -c 'trap "" HUP; sleep 1000; :' & sleep 1000\r`));
      const docker = test.engine.docker.getContainer(`nalabo-session-${spec.sessionId}`);
      const programs = async (): Promise<readonly string[]> => {
        const { Processes } = (await docker.top({ ps_args: '-eo pid,uid,args' })) as { Processes: string[][] };
        return Processes.filter(([, uid]) => uid === '1000').map(([, , args = '']) => args);
      };
      await eventually(async () => expect((await programs()).filter((args) => args === 'sleep 1000')).toHaveLength(2));
      await proxy.shut();
      await reading;
      await eventually(async () => expect(await programs()).toEqual([]), { timeoutMs: 30_000 });
      expect(await terminal.ended()).toBeNull();
      await proxy.open();
      await terminal.close();
    } finally {
      await proxy.shut();
      await proxy.open();
      await eventually(async () => expect(await behindProxy.leftovers()).toEqual([]));
      await proxy.shut();
    }
  });

  it('are closed although their leash was killed', async () => {
    const { terminal, shell } = await openIn(current().test);
    await terminal.write(Buffer.from(`setsid sh -c 'trap "" HUP; sleep 1000; :' &\r`));
    await eventually(async () => expect((await script(shell, 'pgrep -x sleep')).stdout).toMatch(/\d/));
    await script(shell, 'pkill -9 -f "[h]ang_up"');
    await terminal.close();
    expect(await script(shell, `${bashes}; pgrep -x sleep`)).toMatchObject({ stdout: '' });
  });

  it('survive that the learner kills everything of his own as a lost or ended shell, and can be opened again', async () => {
    const { test } = current();
    const { terminal, shell, end } = await openIn(test);
    await script(shell, 'kill -9 -1');
    expect(await end).toBe(137);
    await terminal.close();
    const again = await openIn(test);
    await again.terminal.close();
  });

  it('are closed although the process limit is used up', async () => {
    const { terminal, shell, screen } = await openIn(current().test);
    const bomb = `
import os, time
try:
    while True:
        if os.fork() == 0:
            os.setsid(); time.sleep(1000)
except OSError:
    print("fu" + "ll", flush=True); time.sleep(1000)`;
    await terminal.write(Buffer.from(`python3 -c '${bomb}'\r`));
    await eventually(() => expect(screen()).toContain('full'), { timeoutMs: 20_000 });
    await terminal.close();
    expect(await script(shell, 'pgrep -c -u 1000 python3')).toMatchObject({ stdout: '0\n' });
  });

  it('hang up what would save its work first', async () => {
    const { terminal, shell, screen } = await openIn(current().test);
    await terminal.write(
      Buffer.from(`sh -c 'trap "echo saved > saved; exit" HUP; echo rea""dy; while :; do sleep 0.05; done'\r`),
    );
    await eventually(() => expect(screen()).toMatch(/[\r\n]ready/));
    await terminal.close();
    expect(await script(shell, 'cat saved')).toMatchObject({ stdout: 'saved\n' });
  });
});
