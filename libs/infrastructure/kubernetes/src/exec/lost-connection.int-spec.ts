import type { CommandReport, Shell } from '@nalabo/infrastructure-port';
import { newExecutionId } from '@nalabo/kernel';
import { eventually, SwitchableProxy } from '@nalabo/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KubeClient } from '../cluster/kube.client.js';
import { loadKubeConfig } from '../cluster/load-kube-config.js';
import { BareWorkbench } from '../testing/bare-workbench.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { KubernetesExec } from './kubernetes-exec.js';

const patience = { timeoutMs: 60_000, intervalMs: 100 };

/** A connection that breaks is what a process that is killed leaves behind, too. */
describeOnCluster('what runs in a pod when the connection to the cluster breaks', process.env, ({ kubeconfig }) => {
  const workbench = new BareWorkbench(kubeconfig);
  const api = new URL(loadKubeConfig({ file: kubeconfig }).getCurrentCluster()?.server ?? '');
  const proxy = new SwitchableProxy({ host: api.hostname, port: Number(api.port || 443) });
  let exec: KubernetesExec;
  let observer: Shell;

  beforeAll(async () => {
    await workbench.make({});
    await proxy.open();
    const endpoint = `https://127.0.0.1:${proxy.port}`;
    exec = new KubernetesExec(new KubeClient(loadKubeConfig({ file: kubeconfig, endpoint })), workbench.instance);
    observer = await new KubernetesExec(workbench.client, workbench.instance).open(workbench.spec, 'learner');
  });
  afterAll(async () => {
    await observer.close();
    await proxy.shut();
    await workbench.remove();
  });

  const reconnect = async (): Promise<void> => {
    await proxy.shut();
    await proxy.open();
  };
  const living = async (): Promise<string> => {
    const sought = `for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -E '^sleep 100[0-9]|^bash|[h]ang_up'; done`;
    return (await run(observer, sought)).stdout;
  };

  it('is ended with its terminal', async () => {
    const request = { terminalId: newExecutionId(), columns: 80, rows: 24, environment: {} };
    const terminal = await exec.terminal(workbench.spec, request);
    const reading = terminal.read(() => undefined);
    await terminal.write(Buffer.from(`setsid sh -c 'trap "" HUP; sleep 1001; :' & sleep 1002\r`));
    await eventually(async () => expect(await living()).toMatch(/(sleep 100[12] \n){2}/), patience);
    await reconnect();
    await reading;
    expect(await terminal.ended()).toBeNull();
    await eventually(async () => expect(await living()).toBe(''), patience);
    await terminal.close();
  });

  it('is lost with its lane at once, and killed when the cluster can be reached again', async () => {
    const shell = await exec.open(workbench.spec, 'learner');
    await eventually(async () => expect(await run(shell, 'true')).toMatchObject({ path: 'lane' }), patience);
    const running = run(shell, 'sleep 1003');
    await eventually(async () => expect(await living()).toContain('sleep 1003'), patience);
    const brokenAt = performance.now();
    await reconnect();
    expect((await running).end).toMatchObject({ kind: 'lost' });
    // Long before a ping would show it.
    expect(performance.now() - brokenAt).toBeLessThan(10_000);
    await eventually(async () => expect(await living()).toBe(''), patience);
    await shell.close();
  });

  it('is replaced when it was an idle lane', async () => {
    const shell = await exec.open(workbench.spec, 'learner');
    await eventually(async () => expect(await run(shell, 'true')).toMatchObject({ path: 'lane' }), patience);
    await reconnect();
    // One that is sent before the end of the connection has been noticed may or may not have run.
    const { end, stdout } = await run(shell, 'echo here');
    expect([end.kind, stdout]).toEqual(end.kind === 'lost' ? ['lost', ''] : ['exited', 'here\n']);
    await eventually(async () => expect(await run(shell, 'true')).toMatchObject({ path: 'lane' }), patience);
    await shell.close();
  });
});

async function run(shell: Shell, text: string): Promise<CommandReport & { readonly stdout: string }> {
  const stdout: Uint8Array[] = [];
  const io = { stdout: (chunk: Uint8Array) => void stdout.push(Uint8Array.from(chunk)), stderr: () => undefined };
  const command = {
    executionId: newExecutionId(),
    program: ['sh', '-c', text],
    workingDirectory: '/workspace',
    environment: {},
    stdin: null,
  };
  const report = await shell.run(command, io, AbortSignal.timeout(60_000));
  return { ...report, stdout: Buffer.concat(stdout).toString() };
}
