import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@nalabo/testing';
import { expect, it, vi } from 'vitest';
import { describeKubernetesJourney } from './describe-journey.js';

const workshops = join(import.meta.dirname, '../../workshops');
const buildSeconds = 120;
const patience = { timeoutMs: 120_000, intervalMs: 500 };
const startMilliseconds = 240_000;
const endMilliseconds = 180_000;
// For the start of a virtual cluster, what is done in it, and its end.
vi.setConfig({ testTimeout: 600_000 });

/** The first documented template. */
const template = `
apiVersion: v1
kind: Namespace
metadata:
  name: workshop
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: nginx-demo
  namespace: workshop
spec:
  replicas: 1
  selector:
    matchLabels:
      app: nginx-demo
  template:
    metadata:
      labels:
        app: nginx-demo
    spec:
      containers:
      - name: nginx
        image: nginx:alpine
        ports:
        - containerPort: 80
`;

/** A claim that a pod uses, so that a volume is made for it on the host. */
const claim = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: notes }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 64Mi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: writer }
spec:
  containers:
    - { name: writer, image: 'nginx:alpine', volumeMounts: [{ name: notes, mountPath: /notes }] }
  volumes: [{ name: notes, persistentVolumeClaim: { claimName: notes } }]
`;

await describeKubernetesJourney('a session on Kubernetes', (current) => {
  it('is created, used, applied to, measured, extended, expires, and leaves a clean receipt and nothing else', async () => {
    const stack = current();
    const alice = await stack.clientOf('alice');
    const { id } = await alice.createSession(
      { workshopId: 'kubernetes-first-steps', infrastructureType: 'kubernetes', duration: 2 },
      buildSeconds,
    );
    const created = await stack.reaching(id, 'READY', startMilliseconds);
    expect(created).toMatchObject({ infrastructureType: 'kubernetes', ownerId: 'alice' });
    expect(created.resources).toEqual({ cpu: '2000m', memory: '4Gi', storage: '20Gi' });
    expect(created.progress.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'virtual cluster done',
      'workbench done',
      'ready done',
    ]);

    const pods = await alice.execute(id, { command: 'kubectl get pods', timeout: 30_000 });
    expect(pods).toMatchObject({ outcome: 'succeeded', exitCode: 0 });
    expect(`${pods.stdout}${pods.stderr}`).toContain('No resources found in default namespace');

    const applied = await alice.apply(id, { type: 'yaml', configuration: template });
    expect(applied.objects.map(({ kind, name, action }) => `${kind} ${name} ${action}`)).toEqual([
      'Namespace workshop created',
      'Deployment nginx-demo created',
    ]);
    const waiting = 'kubectl -n workshop rollout status deployment/nginx-demo --timeout=60s';
    expect(await alice.execute(id, { command: waiting, timeout: 90_000 })).toMatchObject({ outcome: 'succeeded' });
    // On a slow node the session's two minutes are not enough for all of this.
    await alice.extendSession(id, 2);
    const again = await alice.apply(id, { type: 'yaml', configuration: template });
    expect(again.objects.map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
    const replaced = await alice.apply(id, { type: 'yaml', configuration: claim });
    expect(replaced.objects.map(({ kind, name, action }) => `${kind} ${name} ${action}`).toSorted()).toEqual([
      'Deployment nginx-demo removed',
      'Namespace workshop removed',
      'PersistentVolumeClaim notes created',
      'Pod writer created',
    ]);
    const written = 'kubectl wait pod/writer --for=condition=Ready --timeout=60s';
    expect(await alice.execute(id, { command: written, timeout: 90_000 })).toMatchObject({ outcome: 'succeeded' });
    expect(await stack.cluster.volumesOf([id])).toHaveLength(1);

    const extended = await alice.extendSession(id, 2);
    expect(Date.parse(extended.expiresAt)).toBeGreaterThan(Date.parse(created.expiresAt));
    await eventually(async () => {
      const { current: usage } = await alice.metrics(id);
      expect(usage?.memoryBytes).toBeGreaterThan(0);
      expect(usage?.processes).toBeNull();
    }, patience);
    expect(await alice.health(id)).toMatchObject({ status: 'healthy', target: { reachable: true } });

    const ended = await stack.reaching(id, 'TERMINATED', 2 * 60_000 + endMilliseconds);
    expect(ended.reason).toBe('expired');
    const { removed } = await stack.cleanReceipt(id);
    const named = removed.map(({ kind, name }) => `${kind} ${name.replace(`nalabo-session-${id}`, 'session')}`);
    expect(named).toEqual(
      expect.arrayContaining([
        'namespace session',
        'pod session/workbench',
        'deployment session/vcluster',
        'service session/vcluster',
        'secret session/session-kubeconfig',
        'resourcequota session/session',
        'networkpolicy session/deny-all',
        'persistentvolumeclaim session/notes-x-default-x-vcluster',
      ]),
    );
    expect(named.filter((name) => name.startsWith('persistentvolume '))).toHaveLength(1);
    expect(await stack.left()).toEqual([]);
    expect(await stack.cluster.volumesOf([id])).toEqual([]);
  });

  it('takes the first documented request with everything in it, and ends when it is told to', async () => {
    const stack = current();
    const { id } = await stack.api.createSession(
      {
        workshopId: 'kubernetes-web-application',
        infrastructureType: 'kubernetes',
        duration: 240,
        resources: { cpu: '2000m', memory: '4Gi', storage: '20Gi' },
      },
      buildSeconds,
    );
    const session = await stack.reaching(id, 'READY', startMilliseconds);
    expect(session).toMatchObject({ resources: { cpu: '2000m', memory: '4Gi', storage: '20Gi' } });
    await stack.api.endSession(id);
    expect(await stack.reaching(id, 'TERMINATED', endMilliseconds)).toMatchObject({ reason: 'requested' });
    await stack.cleanReceipt(id);
  });

  it('is removed when its owner ends it while it is being built', async () => {
    const stack = current();
    const { id } = await stack.api.createSession({ workshopId: 'kubernetes-first-steps' });
    await eventually(async () => expect(await stack.left()).not.toEqual([]), patience);
    await stack.api.endSession(id);
    expect(await stack.reaching(id, 'TERMINATED', endMilliseconds)).toMatchObject({ reason: 'requested' });
    await stack.cleanReceipt(id);
  });

  it.each(['kubernetes-first-steps', 'kubernetes-web-application'])('solves the workshop %s', async (workshopId) => {
    const stack = current();
    const { id } = await stack.api.createSession({ workshopId }, buildSeconds);
    await stack.reaching(id, 'READY', startMilliseconds);
    const stdin = await readFile(join(workshops, workshopId, 'solution.sh'), 'utf8');
    const { outcome, stdout, stderr } = await stack.api.execute(id, {
      command: ['sh', '-s'],
      stdin,
      timeout: 280_000,
    });
    expect(outcome, `${stdout}\n${stderr}`).toBe('succeeded');
  });
});
