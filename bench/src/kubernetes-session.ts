/*
 * Claim: a session with a virtual cluster is usable as soon as a bare virtual cluster is, or sooner. The anchor is the
 * chart rendered by helm and applied by kubectl on the same cluster, until its API answers with a kubeconfig and has what
 * a first pod needs. A session is more than that: boundaries, a workbench, rows and messages. Both take turns in one run.
 *
 * Needs KUBECONFIG of a rig (see docs/kubernetes.md). Also told: the session's own steps, the memory of its pods, and one
 * command through the platform against a bare exec by WebSocket in the same pod.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Exec, KubeConfig } from '@kubernetes/client-node';
import { findRig, freePort, type Rig } from '@nalabo/setup';
import { ApiClient, type RunningStack, startStack } from '@nalabo/start';
import { noSamples, tell, timed, type Samples } from './samples.js';

const sessionRounds = 4;
const commandRounds = 30;
const warmUpRounds = 3;
const patienceMs = 120_000;
const run = promisify(execFile);

/** A bare virtual cluster, as somebody with helm and kubectl makes it. */
class RawCluster {
  readonly namespace = `nalabo-bench-${randomBytes(4).toString('hex')}`;

  constructor(
    private readonly rig: Rig,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly folder: string,
  ) {}

  async make(): Promise<void> {
    await this.kubectl('create', 'namespace', this.namespace);
    const render = join(this.rig.scripts, 'vcluster/render');
    const pipe = '"$0" vcluster "$1" | kubectl apply --server-side -f - >/dev/null';
    await run('bash', ['-c', pipe, render, this.namespace], { env: this.environment });
    await this.kubectl('-n', this.namespace, 'rollout', 'status', 'deployment/vcluster', '--timeout=120s');
    const kubeconfig = await until(() => this.kubeconfig());
    await until(() => this.kubectl('--kubeconfig', kubeconfig, 'get', 'serviceaccount', 'default'));
  }

  async remove(): Promise<void> {
    await this.kubectl('delete', 'namespace', this.namespace, '--ignore-not-found', '--timeout=120s');
  }

  kubectl(...args: string[]): Promise<string> {
    return run('kubectl', args, { env: this.environment }).then(({ stdout }) => stdout);
  }

  private async kubeconfig(): Promise<string> {
    const ask = (kind: string, name: string, path: string) =>
      this.kubectl('-n', this.namespace, 'get', kind, name, `--output=jsonpath={${path}}`);
    const encoded = await ask('secret', 'vc-vcluster', '.data.config');
    const address = await ask('service', 'vcluster', '.spec.clusterIP');
    const text = Buffer.from(encoded, 'base64').toString();
    const file = join(this.folder, `${this.namespace}.kubeconfig`);
    await writeFile(file, text.replaceAll(`https://vcluster.${this.namespace}.svc:443`, `https://${address}:443`));
    return file;
  }
}

async function until<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(300);
    }
  }
}

async function endSession(api: ApiClient, id: string): Promise<void> {
  await api.endSession(id);
  while ((await api.session(id)).state !== 'TERMINATED') await pause(100);
}

async function measureSessions(api: ApiClient, newRaw: () => RawCluster): Promise<Samples> {
  const samples = noSamples();
  for (let round = 0; round < sessionRounds; round++) {
    const began = performance.now();
    const session = await api.createSession({ workshopId: 'kubernetes-first-steps' }, 120);
    if (session.state !== 'READY') throw new Error(`the session is ${session.state}: ${session.lastError}`);
    samples.ours.push(performance.now() - began);
    console.log(session.progress.map(({ step, durationMs }) => `${step} ${durationMs} ms`).join(', '));
    await endSession(api, session.id);
    const raw = newRaw();
    try {
      samples.raw.push(await timed(() => raw.make()));
    } finally {
      await raw.remove();
    }
  }
  return samples;
}

async function measureCommands(api: ApiClient, id: string, config: KubeConfig): Promise<Samples> {
  const samples = noSamples();
  for (let round = -warmUpRounds; round < commandRounds; round++) {
    const ours = await timed(() => api.execute(id, { command: ['true'] }));
    const raw = await timed(() => rawCommand(config, `nalabo-session-${id}`));
    if (round < 0) continue;
    samples.ours.push(ours);
    samples.raw.push(raw);
  }
  return samples;
}

function rawCommand(config: KubeConfig, namespace: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  new Exec(config)
    .exec(namespace, 'workbench', 'workbench', ['true'], stdout, stderr, null, false, ({ status }) =>
      status === 'Success' ? resolve() : reject(new Error('exec failed')),
    )
    .catch(reject);
  return promise;
}

/** Measurements of a pod appear some time after its start. */
async function memoryOf(raw: RawCluster, id: string): Promise<string> {
  return until(async () => {
    const lines = (await raw.kubectl('-n', `nalabo-session-${id}`, 'top', 'pods', '--no-headers')).trim().split('\n');
    if (lines.length < 3) throw new Error('not all pods are measured yet');
    return lines
      .map((line) => line.split(/\s+/))
      .map(([name = '', , memory]) => `${name} ${memory}`)
      .join(', ');
  });
}

const kubeconfig = process.env['KUBECONFIG'] ?? '';
const rig = await findRig(kubeconfig);
if (!rig) throw new Error('KUBECONFIG must name the kubeconfig of a rig: its scripts make the anchor');
const folder = await mkdtemp(join(tmpdir(), 'nalabo-bench-'));
let stack: RunningStack | undefined;
try {
  const instance = `bench-${randomBytes(4).toString('hex')}`;
  const options = { directory: folder, instance, port: await freePort(), ephemeral: true, report: console.log };
  stack = await startStack(options);
  const environment = { ...process.env, ...stack.kubernetes };
  const api = new ApiClient(stack);
  const newRaw = () => new RawCluster(rig, environment, folder);
  tell('session with a virtual cluster usable', 'chart alone', await measureSessions(api, newRaw));
  const { id } = await api.createSession({ workshopId: 'kubernetes-first-steps' }, 120);
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  tell('one command', 'bare exec', await measureCommands(api, id, config));
  console.log(`memory of a session: ${await memoryOf(newRaw(), id)}`);
} finally {
  if (stack) {
    const api = new ApiClient(stack);
    for (const { id, state } of await api.sessions()) if (!/TERMINATED|FAILED/.test(state)) await endSession(api, id);
  }
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
}
