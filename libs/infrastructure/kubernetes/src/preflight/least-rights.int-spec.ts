import { randomBytes } from 'node:crypto';
import { AppError, newSessionId } from '@nalabo/kernel';
import { sessionObjectName } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { pathOf, resources } from '../cluster/kube-resource.js';
import { loadKubeConfig } from '../cluster/load-kube-config.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { PlatformAccounts } from '../testing/platform-accounts.js';
import { VirtualClusterChart } from '../vcluster/virtual-cluster-chart.js';
import { rightsOf, type Right } from './rights.js';

const rbac = 'rbac.authorization.k8s.io';
const patience = { timeoutMs: 60_000, intervalMs: 200 };

describeOnCluster('the accounts of deploy/kubernetes', process.env, ({ kubeconfig, targetConfig }) => {
  const config = () => loadKubeConfig({ file: kubeconfig });
  const admin = new KubeClient(config());
  const accounts = new PlatformAccounts(admin);
  const provisioner = accounts.client(config(), 'provisioner');
  const executor = accounts.client(config(), 'executor');
  const monitor = accounts.client(config(), 'monitor');

  const session = sessionObjectName(newSessionId());
  const foreign = `${accounts.namespace}-foreign`;
  const instance = `test-${randomBytes(6).toString('hex')}`;
  const labels = { 'nalabo.io/managed-by': 'nalabo', 'nalabo.io/instance': instance };
  const security = { 'pod-security.kubernetes.io/enforce': 'baseline' };

  const namespace = (name: string, own: Readonly<Record<string, string>>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: own },
  });
  const binding = (place: string, role: string, service = 'provisioner'): KubeObject => ({
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: `nalabo-${service}`, namespace: place, labels },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: accounts.named(role) },
    subjects: [{ kind: 'ServiceAccount', name: accounts.named(`nalabo-${service}`), namespace: accounts.namespace }],
  });
  const secret = (place: string, name: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: place, labels },
    stringData: { config: 'text' },
  });
  const exec = (client: KubeClient, place: string) =>
    client.read(`${pathOf(resources.pod, { namespace: place, name: 'workbench' })}/exec`, undefined, {
      query: { command: 'true', container: 'workbench', stdout: 'true' },
    });

  beforeAll(async () => {
    await accounts.apply();
    await admin.create(namespace(foreign, {}));
    await admin.create(secret(foreign, 'treasure'));
    // What a mistake of an administrator would give; the guard must hold all the same.
    await admin.create(binding(foreign, 'nalabo-session-executor', 'executor'));
    await admin.create({
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: foreign },
      rules: [],
    });
    await eventually(() => provisioner.create(namespace(session, { ...labels, ...security })), patience);
    // The guard takes effect a moment after it was made.
    await eventually(() => expectRefused(exec(executor, foreign), /only objects in namespaces of sessions/), patience);
  });

  afterAll(async () => {
    await accounts.remove();
    await admin.delete(resources.clusterRole, { name: foreign });
    for (const name of [session, foreign]) await admin.delete(resources.namespace, { name });
    await eventually(
      async () => {
        for (const name of [session, foreign, accounts.namespace]) {
          expect(await admin.find(resources.namespace, { name })).toBeUndefined();
        }
      },
      { timeoutMs: 120_000, intervalMs: 500 },
    );
  });

  describe('allow', () => {
    it('the provisioner to let itself and the executor into a session, and to build there', async () => {
      await provisioner.apply(binding(session, 'nalabo-session-provisioner'));
      await provisioner.apply(binding(session, 'nalabo-session-executor', 'executor'));
      await eventually(() => provisioner.apply(secret(session, 'session-kubeconfig')), patience);
      await provisioner.apply(secret(session, 'another'));
    });

    it('the provisioner to give a virtual cluster the rights that it needs', async () => {
      const chart = new VirtualClusterChart({
        chart: targetConfig.virtualClusterChart,
        imagePrefix: targetConfig.imagePrefix,
        helm: { environment: targetConfig.helmEnvironment },
      });
      const version = (await admin.read('/version')) as { gitVersion: string };
      const objects = await chart.objectsFor({ namespace: session, labels, serverNames: [] }, version.gitVersion);
      for (const object of objects) {
        // A binding needs its role to exist; of the rest it is enough that it would be made.
        const dryRun = !/^Role/.test(object.kind);
        await eventually(() => provisioner.apply(object, { dryRun }), patience);
      }
      expect(objects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Role', 'RoleBinding', 'Deployment']));
    });

    it('every service what the preflight says that it needs', async () => {
      const asked = [
        [provisioner, rightsOf('provisioner')],
        [executor, rightsOf('executor')],
        [monitor, rightsOf('monitor')],
      ] as const;
      for (const [client, rights] of asked) {
        const denied: Right[] = [];
        for (const right of rights) if (!(await may(client, right))) denied.push(right);
        expect(denied).toEqual([]);
      }
    });

    it('the executor to run commands in a session and to read the credentials of its learner', async () => {
      const at = { namespace: session, name: 'session-kubeconfig' };
      await expect(executor.get(resources.secret, at)).resolves.toMatchObject({ kind: 'Secret' });
      // There is no workbench: the refusal is the one of a pod that does not exist.
      await expect(exec(executor, session)).rejects.toMatchObject({ kind: 'not_found' });
    });

    it('the monitor to look at what there is and at what it uses', async () => {
      const listed = await monitor.listMetadata(resources.namespace, {
        labelSelector: `nalabo.io/instance=${instance}`,
      });
      expect(listed.map(({ metadata }) => metadata.name)).toEqual([session]);
      await monitor.list(resources.podMetrics, {});
      await monitor.listMetadata(resources.persistentVolume, {});
    });
  });

  describe('refuse', () => {
    it('a Service of a session that claims an address of others, whoever asks', async () => {
      const service: KubeObject = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'greedy', namespace: session },
        spec: { ports: [{ port: 80 }], externalIPs: ['198.51.100.7'] },
      };
      await eventually(
        () => expectRefused(admin.apply(service, { dryRun: true }), /may claim no external addresses/),
        patience,
      );
    });

    const podWith = (volume: object): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'mounting', namespace: session },
      spec: { containers: [{ name: 'any', image: 'rig/busybox:1' }], volumes: [{ name: 'any', ...volume }] },
    });
    const hooked: KubeObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'hooked', namespace: session },
      spec: {
        containers: [
          { name: 'any', image: 'rig/busybox:1', lifecycle: { postStart: { exec: { command: ['true'] } } } },
        ],
      },
    };
    const claimWith = (spec: object): KubeObject => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'notes', namespace: session },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } }, ...spec },
    });

    it.each<[string, KubeObject, RegExp]>([
      ['nfs', podWith({ nfs: { server: '198.51.100.7', path: '/' } }), /no volumes that their node fetches/],
      [
        'iscsi',
        podWith({ iscsi: { targetPortal: '198.51.100.7', iqn: 'iqn.2001-04.example:disk', lun: 0 } }),
        /no volumes that their node fetches/,
      ],
      ['csi', podWith({ csi: { driver: 'any.example.org' } }), /no volumes that their node fetches/],
      ['a claim to a volume of the operator', claimWith({ volumeName: 'treasure' }), /may name no volume/],
      ['a claim to any volume that is there', claimWith({ storageClassName: '' }), /without a storage class/],
      ['a hook after a start', hooked, /no postStart/],
    ])('%s in a session, whoever asks', async (_case, object, why) => {
      // Each policy takes effect at a time of its own.
      await eventually(() => expectRefused(admin.apply(object, { dryRun: true }), why), patience);
    });

    it('no volume that is made for a session or out of it, and no claim that the cluster serves', async () => {
      const claim = { spec: claimWith({})['spec'] };
      const own = [
        { emptyDir: {} },
        { configMap: { name: 'any' } },
        { secret: { secretName: 'any' } },
        { projected: { sources: [] } },
        { downwardAPI: { items: [] } },
        { persistentVolumeClaim: { claimName: 'any' } },
        { ephemeral: { volumeClaimTemplate: claim } },
      ];
      for (const object of [...own.map(podWith), claimWith({}), claimWith({ storageClassName: 'fast' })]) {
        await expect(admin.apply(object, { dryRun: true })).resolves.toMatchObject({ kind: object.kind });
      }
    });

    const readOf = (client: KubeClient, place: string, name: string) => () =>
      client.get(resources.secret, { namespace: place, name });

    it.each<[string, () => Promise<unknown>, RegExp]>([
      ['the provisioner the secrets of the cluster', readOf(provisioner, 'kube-system', 'any'), /cannot get/],
      ['the provisioner the secrets of others', readOf(provisioner, foreign, 'treasure'), /cannot get/],
      [
        'the provisioner a namespace of another name',
        () => provisioner.create(namespace(`${foreign}-2`, { ...labels, ...security })),
        /only namespaces nalabo-session-/,
      ],
      [
        'the provisioner a namespace of a session without our label',
        () => provisioner.create(namespace(sessionObjectName(newSessionId()), security)),
        /only namespaces nalabo-session-/,
      ],
      [
        'the provisioner a session in which pods may be privileged',
        () =>
          provisioner.create(
            namespace(sessionObjectName(newSessionId()), {
              ...labels,
              'pod-security.kubernetes.io/enforce': 'privileged',
            }),
          ),
        /keep a pod security level/,
      ],
      [
        'the provisioner to take the pod security off a session',
        () =>
          provisioner.patch(
            resources.namespace,
            { name: session },
            { metadata: { labels: { 'pod-security.kubernetes.io/enforce': null } } },
          ),
        /keep a pod security level/,
      ],
      [
        'the provisioner to make a foreign namespace its own',
        () => provisioner.patch(resources.namespace, { name: foreign }, { metadata: { labels } }),
        /only namespaces nalabo-session-/,
      ],
      [
        'the provisioner to remove a foreign namespace',
        () => provisioner.delete(resources.namespace, { name: foreign }),
        /only namespaces nalabo-session-/,
      ],
      [
        'the provisioner to let itself into a foreign namespace',
        () => provisioner.apply(binding(foreign, 'nalabo-session-provisioner')),
        /only objects in namespaces of sessions/,
      ],
      [
        'the provisioner to let the executor into the namespace of the cluster',
        () => provisioner.apply(binding('kube-system', 'nalabo-session-executor', 'executor'), { dryRun: true }),
        /only objects in namespaces of sessions/,
      ],
      [
        'the provisioner to make anybody an administrator of a session',
        () => provisioner.apply({ ...binding(session, 'cluster-admin'), metadata: { name: 'x', namespace: session } }),
        /attempting to grant RBAC permissions not currently held/,
      ],
      [
        'the provisioner to make itself an administrator',
        () =>
          provisioner.create({
            ...binding('', 'cluster-admin'),
            kind: 'ClusterRoleBinding',
            metadata: { name: foreign },
          }),
        /cannot create/,
      ],
      [
        'the provisioner to remove a foreign cluster role',
        () => provisioner.delete(resources.clusterRole, { name: foreign }),
        /cluster roles may only be removed/,
      ],
      ['the provisioner a command in a foreign namespace', () => exec(provisioner, foreign), /cannot get/],
      ['the executor a command in the namespace of the cluster', () => exec(executor, 'kube-system'), /cannot get/],
      [
        'the executor a command in a foreign namespace that it was let into',
        () => exec(executor, foreign),
        /only objects in namespaces of sessions/,
      ],
      ['the executor other secrets of a session', readOf(executor, session, 'another'), /cannot get/],
      ['the executor to change a session', () => executor.apply(secret(session, 'session-kubeconfig')), /cannot patch/],
      [
        'the executor a token of another account',
        () => executor.requestToken({ namespace: session, name: 'workbench' }, 600),
        /cannot create/,
      ],
      [
        'the executor a token of a learner elsewhere',
        () => executor.requestToken({ namespace: 'default', name: 'nalabo-learner' }, 600),
        /cannot create/,
      ],
      ['the executor to look around', () => executor.listMetadata(resources.namespace, {}), /cannot list/],
      ['the monitor the secrets of a session', readOf(monitor, session, 'session-kubeconfig'), /cannot get/],
      ['the monitor a command in a session', () => exec(monitor, session), /cannot get/],
      [
        'the monitor to remove a session',
        () => monitor.delete(resources.namespace, { name: session }),
        /cannot delete/,
      ],
    ])('%s', async (_case, attempt, why) => {
      await expectRefused(attempt(), why);
    });
  });

  async function may(client: KubeClient, right: Right): Promise<boolean> {
    const { verb, group, resource, subresource, name, scope } = right;
    const place = scope === 'session' ? { namespace: session } : {};
    const review = await client.create<KubeObject & { readonly status?: { readonly allowed?: boolean } }>({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      metadata: { name: '' },
      spec: { resourceAttributes: { verb, group, resource, subresource, name, ...place } },
    });
    return review.status?.allowed ?? false;
  }
});

async function expectRefused(attempt: Promise<unknown>, why: RegExp): Promise<void> {
  const outcome = await attempt.then(
    () => new Error('it was allowed'),
    (error: unknown) => error,
  );
  if (!(outcome instanceof AppError)) throw outcome;
  expect([403, 422]).toContain(outcome.details['status']);
  expect(outcome.message).toMatch(why);
}
