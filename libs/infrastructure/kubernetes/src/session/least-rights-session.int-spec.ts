import type { AppliedObject } from '@nalabo/contracts';
import type { InfrastructureTarget, ManifestObject, SessionSpec } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { loadKubeConfig } from '../cluster/load-kube-config.js';
import { createKubernetesTarget } from '../kubernetes-target.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { PlatformAccounts } from '../testing/platform-accounts.js';
import { TestInstallation } from '../testing/test-installation.js';
import { namespaceOf } from './session-names.js';

const patience = { timeoutMs: 120_000, intervalMs: 200 };
const signal = (): AbortSignal => AbortSignal.timeout(60_000);

/** A claim, and a pod that uses it: the cluster makes a volume outside of the session's namespace. */
const notebook: readonly KubeObject[] = [
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'notes', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'notebook', namespace: 'default' },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'notebook',
          image: 'rig/busybox:1',
          command: ['sleep', 'infinity'],
          volumeMounts: [{ name: 'notes', mountPath: '/notes' }],
        },
      ],
      volumes: [{ name: 'notes', persistentVolumeClaim: { claimName: 'notes' } }],
    },
  },
];

describeOnCluster('a session under the accounts of deploy/kubernetes', process.env, (cluster) => {
  const admin = new KubeClient(loadKubeConfig({ file: cluster.kubeconfig }));
  const accounts = new PlatformAccounts(admin);
  let provisioner: TestInstallation;
  let executor: InfrastructureTarget;
  let monitor: InfrastructureTarget;

  const heldBy = async (service: 'provisioner' | 'executor' | 'monitor') => ({
    cluster: { file: cluster.kubeconfig, token: await accounts.token(service) },
    platformNamespace: accounts.namespace,
    rolePrefix: accounts.namespace,
    kubeconfigServer: 'https://{clusterIP}',
  });

  beforeAll(async () => {
    await accounts.apply();
    provisioner = new TestInstallation(cluster, await heldBy('provisioner'));
    const settings = { ...cluster.targetConfig, instance: provisioner.instance };
    executor = createKubernetesTarget({ ...settings, ...(await heldBy('executor')) });
    monitor = createKubernetesTarget({ ...settings, ...(await heldBy('monitor')), readOnly: true });
    await guarded();
  });
  afterEach(async () => expect(await provisioner.leftovers()).toEqual([]));
  afterAll(async () => {
    await accounts.remove();
    await eventually(async () => expect(await ofTest()).toEqual([]), patience);
  });

  /** The guard takes effect a moment after it was made. */
  async function guarded(): Promise<void> {
    const { cluster: address } = await heldBy('provisioner');
    const client = new KubeClient(loadKubeConfig(address));
    const elsewhere = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `${accounts.namespace}-elsewhere` } };
    const refused = /only namespaces nalabo-session-/;
    await eventually(() => expect(client.apply(elsewhere, { dryRun: true })).rejects.toThrow(refused), patience);
  }

  async function ofTest(): Promise<readonly string[]> {
    const kinds = [resources.namespace, resources.clusterRole, resources.clusterRoleBinding];
    const lists = await Promise.all(kinds.map((kind) => admin.listMetadata(kind, {})));
    return lists
      .flatMap((list) => list.map(({ metadata }) => metadata.name))
      .filter((name) => name.startsWith(accounts.namespace));
  }

  /** Nothing is refused meanwhile: what has to wait for its rights, or for another object, does so by itself. */
  async function becomesReady(spec: SessionSpec): Promise<void> {
    const faults: unknown[] = [];
    await eventually(async () => {
      const seen = await provisioner.ensure(spec).catch((error: unknown) => faults.push(error));
      if (faults.length === 0) expect(seen).toMatchObject({ readiness: 'ready' });
    }, patience);
    expect(faults).toEqual([]);
  }

  async function isWatched(spec: SessionSpec): Promise<void> {
    const namespace = namespaceOf(spec.sessionId);
    expect(await monitor.observe.observe(spec, signal())).toMatchObject({ readiness: 'ready' });
    expect((await monitor.observe.list(signal())).map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual([
      `namespace ${namespace}`,
      `pod ${namespace}/workbench`,
    ]);
    await eventually(async () => {
      expect(await monitor.observe.usage([spec], signal())).toMatchObject([{ sessionId: spec.sessionId }]);
    }, patience);
  }

  async function ends(spec: SessionSpec): Promise<readonly string[]> {
    const removed = await provisioner.destroy(spec);
    expect(await provisioner.held()).toEqual([]);
    expect(await monitor.observe.list(signal())).toEqual([]);
    expect(await monitor.observe.observe(spec, signal())).toMatchObject({ presence: 'absent' });
    return removed.map(({ kind, name }) => `${kind} ${name}`);
  }

  async function apply(spec: SessionSpec, contents: readonly KubeObject[]): Promise<readonly AppliedObject[]> {
    const objects = contents.map((content, index): ManifestObject => {
      const { apiVersion, kind, metadata } = content;
      const { name, namespace = null } = metadata;
      return { apiVersion, kind, name, namespace, content, document: index + 1, line: 1 };
    });
    const request = { model: { type: 'yaml', objects }, current: null, limits: spec.limits } as const;
    const plan = await executor.apply?.plan(spec, request, signal());
    return (plan && (await executor.apply?.apply(plan, signal()))) ?? [];
  }

  it('in a namespace is built, used, watched and ended, by each service with its own', async () => {
    const spec = provisioner.newSpec({ isolation: 'namespace' });
    const namespace = namespaceOf(spec.sessionId);
    await becomesReady(spec);
    expect(await provisioner.output(spec, 'id -u', executor.exec)).toBe('1000\n');
    await expect(executor.observe.list(signal())).rejects.toMatchObject({ details: { status: 403 } });
    await isWatched(spec);
    expect(await ends(spec)).toEqual(
      expect.arrayContaining([
        `namespace ${namespace}`,
        `pod ${namespace}/workbench`,
        `resourcequota ${namespace}/session`,
      ]),
    );
  });

  it('with a virtual cluster is built, used, watched and ended, by each service with its own', async () => {
    const spec = provisioner.newSpec({ isolation: 'vcluster' });
    const namespace = namespaceOf(spec.sessionId);
    await becomesReady(spec);
    expect(await apply(spec, notebook)).toMatchObject([{ action: 'created' }, { action: 'created' }]);
    const wait = 'kubectl wait --for=condition=Ready --timeout=50s pod/notebook --output=name';
    expect(await provisioner.output(spec, wait, executor.exec)).toBe('pod/notebook\n');
    expect(await executor.apply?.kubeconfig(spec, signal())).toMatch(/server: https:\/\/\d/);
    await isWatched(spec);
    expect(await ends(spec)).toEqual(
      expect.arrayContaining([`deployment ${namespace}/vcluster`, expect.stringMatching(/^persistentvolume [^/]+$/)]),
    );
  });

  it('is built anew when its workbench is taken away, and in a new generation', async () => {
    const spec = provisioner.newSpec({ isolation: 'namespace' });
    const workbench = { namespace: namespaceOf(spec.sessionId), name: 'workbench' };
    await becomesReady(spec);
    const { uid } = (await admin.get(resources.pod, workbench)).metadata;
    await admin.delete(resources.pod, workbench);
    await becomesReady(spec);
    expect((await admin.get(resources.pod, workbench)).metadata.uid).not.toBe(uid);
    await becomesReady({ ...spec, generation: 2 });
    expect(await provisioner.observe(spec)).toMatchObject({ generation: 2 });
  });

  it('ends also when its first end was held up, after which nobody but the cluster may look into it', async () => {
    const spec = provisioner.newSpec({ isolation: 'namespace' });
    const metadata = { name: 'held', namespace: namespaceOf(spec.sessionId), finalizers: ['example.org/hold'] };
    const { instance } = provisioner;
    const impatient = new TestInstallation(cluster, {
      ...(await heldBy('provisioner')),
      instance,
      removalPatienceMs: 20_000,
    });
    await becomesReady(spec);
    await admin.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    try {
      await expect(impatient.destroy(spec)).rejects.toMatchObject({
        kind: 'unavailable',
        publicMessage: expect.stringContaining('example.org/hold'),
      });
    } finally {
      await admin.patch(resources.configMap, metadata, { metadata: { finalizers: null } });
    }
    expect(await ends(spec)).toEqual([`namespace ${metadata.namespace}`]);
  });

  it('is what the preflight finds possible', async () => {
    const findings = await provisioner.target.describe.preflight(AbortSignal.timeout(120_000));
    expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
    await eventually(async () => expect(await provisioner.held()).toEqual([]), patience);
  });
});
