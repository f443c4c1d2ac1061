import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Engine, startEngine } from '../engine/start-engine.js';
import { mustRun } from '../machine/run-program.js';
import type { KubernetesSettings } from './kubernetes-settings.js';
import { prepareKubernetes } from './prepare-kubernetes.js';
import { findRig } from './rig.js';

const kubeconfig = process.env['KUBECONFIG'];
const rig = kubeconfig ? await findRig(kubeconfig) : undefined;
const obstacle = kubeconfig ? 'KUBECONFIG is not that of a rig' : 'KUBECONFIG is not set';
const patience = { timeout: 30_000, interval: 200 };
const namespace = `nalabo-setup-${randomBytes(4).toString('hex')}`;

function kubectl(...args: string[]): Promise<string> {
  return mustRun(join(rig?.home ?? '', 'bin/kubectl'), ['--namespace', namespace, ...args]);
}

/** Runs a pod until the condition holds. */
async function pod(name: string, container: object, condition: string): Promise<void> {
  const overrides = JSON.stringify({
    apiVersion: 'v1',
    spec: {
      automountServiceAccountToken: false,
      containers: [{ name, imagePullPolicy: 'IfNotPresent', ...container }],
    },
  });
  await kubectl('run', name, '--restart=Never', '--image=overridden', `--overrides=${overrides}`);
  await kubectl('wait', `pod/${name}`, `--for=${condition}`, '--timeout=120s');
}

describe.skipIf(!rig)(`a rig that is made ready${rig ? '' : ` (${obstacle})`}`, () => {
  let engine: Engine;
  let settings: KubernetesSettings;
  const reports: string[] = [];
  beforeAll(async () => {
    engine = await startEngine({ report: () => undefined });
    settings = await prepareKubernetes({ dockerHost: engine.dockerHost, report: (line) => reports.push(line) });
    await kubectl('create', 'namespace', namespace);
  });
  afterAll(async () => {
    await kubectl('delete', 'namespace', namespace);
    await engine.stop();
  });

  it('is told of once, with everything a session needs', () => {
    expect(reports[0]).toContain(`Sessions can run on the Kubernetes cluster of ${kubeconfig};`);
    expect(Object.keys(settings).sort()).toEqual(
      expect.arrayContaining(['K8S_IMAGE_PREFIX', 'K8S_VCLUSTER_CHART', 'K8S_WORKBENCH_IMAGE', 'KUBECONFIG', 'PATH']),
    );
  });

  it('runs the workbench as the learner on a read-only root, with kubectl and the keeper', async () => {
    const script = 'id -u; pwd; kubectl version --client; command -v nalabo-keeper; touch /etc/mine 2>&1';
    const securityContext = {
      ...{ runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
      ...{ capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } },
    };
    const container = {
      image: settings['K8S_WORKBENCH_IMAGE'],
      args: ['sh', '-c', `${script}; true`],
      securityContext,
    };
    await pod('workbench', container, 'jsonpath={.status.phase}=Succeeded');
    const [user, folder, version, , keeper, refusal] = (await kubectl('logs', 'workbench')).split('\n');
    expect({ user, folder, keeper }).toEqual({
      user: '1000',
      folder: '/workspace',
      keeper: '/usr/local/bin/nalabo-keeper',
    });
    expect(version).toMatch(/^Client Version: v1\.\d+/);
    expect(refusal).toMatch(/Read-only file system/);
  });

  it('has a keeper that nobody inside can end, that collects what has ended, and that ends at its time', async () => {
    // It has to be made, and to be entered several times, before that.
    const endsBy = Math.ceil(Date.now() / 1000) + 45;
    const command = ['/usr/local/bin/nalabo-keeper', 'session-1', 'workshop-1', String(endsBy)];
    const inside = (script: string): Promise<string> => kubectl('exec', 'keeper', '--', 'bash', '-c', script);
    await pod('keeper', { image: settings['K8S_WORKBENCH_IMAGE'], command }, 'condition=Ready');
    await inside('kill 1; kill -s INT 1; kill -9 1; (sleep 0.2 &) ; (sleep 0.3 &)');
    await inside('kill -9 -1').catch(() => undefined);
    await inside('until [ "$(ps -e -o stat= | grep -c Z)" = 0 ]; do sleep 0.2; done');
    expect(await kubectl('get', 'pod', 'keeper', '--output=jsonpath={.status.phase}')).toBe('Running');
    await kubectl('wait', 'pod/keeper', '--for=jsonpath={.status.phase}=Succeeded', '--timeout=120s');
    expect(Date.now() / 1000).toBeGreaterThanOrEqual(endsBy);
    expect(await kubectl('logs', 'keeper')).toBe(`nalabo session=session-1 workshop=workshop-1 ends-by=${endsBy}\n`);
  });

  it('has a keeper that refuses what it does not understand', async () => {
    const container = { image: settings['K8S_WORKBENCH_IMAGE'], command: ['nalabo-keeper', 'session-1', 'soon'] };
    await pod('confused', container, 'jsonpath={.status.phase}=Failed');
    const path = 'jsonpath={.status.containerStatuses[0].state.terminated.exitCode}';
    expect(await kubectl('get', 'pod', 'confused', `--output=${path}`)).toBe('64');
  });

  it('runs nginx:alpine as documentation does, and its page is served', async () => {
    await pod('web', { image: 'nginx:alpine' }, 'condition=Ready');
    const address = await kubectl('get', 'pod', 'web', '--output=jsonpath={.status.podIP}');
    // A pod without a probe is ready before its program listens, and its log comes some time after what it tells.
    const answer = await vi.waitFor(() => fetch(`http://${address}/`), patience);
    expect(answer.headers.get('server')).toMatch(/^nginx\//);
    expect(await answer.text()).toContain('Welcome to nginx!');
    await vi.waitFor(async () => expect(await kubectl('logs', 'web')).toContain('"GET / HTTP/1.1" 200'), patience);
  });
});
