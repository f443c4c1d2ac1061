import { AppError } from '@nalabo/kernel';
import type { SessionSpec } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources, type KubeResource } from '../cluster/kube-resource.js';
import { loadKubeConfig } from '../cluster/load-kube-config.js';
import { learnerAccount } from '../session/learner-access.js';
import { learnerKinds } from '../session/learner-kinds.js';
import { namespaceOf } from '../session/session-names.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { PlatformSession } from '../testing/platform-session.js';
import { appliedLabel } from './applied-form.js';
import { hostileObjects, object, podSpec } from './hostile-objects.cases.js';

const mebibyte = 2 ** 20;
const limits = { cpuMillicores: 1000, memoryBytes: 1024 * mebibyte, storageBytes: 1024 * mebibyte };
const patience = { timeoutMs: 120_000, intervalMs: 200 };

const ingress = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  plural: 'ingresses',
  isNamespaced: true,
} as const;
const looked: readonly KubeResource[] = [
  ...learnerKinds,
  ingress,
  resources.serviceAccount,
  resources.role,
  resources.roleBinding,
  resources.networkPolicy,
  resources.resourceQuota,
  resources.limitRange,
];

const rbac = 'rbac.authorization.k8s.io';

describeOnCluster('a hostile object that no policy has judged, in a namespace', process.env, (cluster) => {
  const platform = new PlatformSession(cluster);
  const { admin } = platform;
  let spec: SessionSpec;

  beforeAll(async () => {
    await platform.open();
    spec = await platform.provisioner.ready({ isolation: 'namespace', limits });
    // Each policy of the guard takes effect at a time of its own.
    for (const file of hostileObjects.filter(([, , why]) =>
      /token|account|owners|external|volume|take over|end within/.test(why.source),
    )) {
      await platform.refused(() => refusal(file[1]), file[2]);
    }
  });
  afterAll(() => platform.close());

  /** What a plan of the file is refused with, in one text. */
  async function refusal(file: string): Promise<never> {
    const error: unknown = await platform.plan(spec, file).catch((thrown: unknown) => thrown);
    if (!(error instanceof AppError)) throw new Error('it was planned');
    throw new Error(`${error.kind}: ${(error.details.violations ?? []).map(({ message }) => message).join('; ')}`);
  }

  /** Everything in the session with what is said of it, but for what the cluster writes from time to time. */
  async function held(): Promise<readonly string[]> {
    const query = { namespace: namespaceOf(spec.sessionId) };
    const lists = await Promise.all(looked.map((kind) => admin.list<KubeObject>(kind, query)));
    return lists.flat().map(({ kind, metadata, spec: said }) => {
      return JSON.stringify([kind, metadata.name, metadata.labels, metadata.ownerReferences, said]);
    });
  }

  it.each(hostileObjects)('that is or wants %s is refused, and nothing changes', async (_, file, why) => {
    const before = await held();
    await expect(refusal(file)).rejects.toThrow(why);
    await expect(refusal(file)).rejects.toThrow(/^unprocessable/);
    expect(await held()).toEqual(before);
    expect(await admin.find(resources.configMap, { namespace: 'kube-system', name: 'hostile' })).toBeUndefined();
  });

  it('in the template of a controller makes no pod', async () => {
    const template = `spec: { selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: SPEC } }`;
    const specs = [podSpec(`serviceAccountName: ${learnerAccount}`), podSpec('hostNetwork: true')];
    const file = specs.map((one, index) =>
      object('apps/v1', 'ReplicaSet', template.replace('SPEC', one), `name: hostile-${index}`),
    );
    await platform.apply(spec, file.join('\n---\n'));
    await eventually(async () => {
      const events = await admin.list<KubeObject>(eventKind, { namespace: namespaceOf(spec.sessionId) });
      const said = events.map((event) => String(event['message'])).join('\n');
      expect(said).toMatch(/no account of the platform/);
      expect(said).toMatch(/violates PodSecurity/);
    }, patience);
    const pods = await admin.listMetadata(resources.pod, { namespace: namespaceOf(spec.sessionId) });
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(['workbench']);
    await platform.apply(spec, object('v1', 'ConfigMap', '', 'name: harmless'));
  });

  describe('with the credential of the learner itself', () => {
    let learner: KubeClient;
    const there = (kind: string, apiVersion = 'v1', more: object = {}): KubeObject => ({
      apiVersion,
      kind,
      metadata: { name: 'hostile', namespace: namespaceOf(spec.sessionId), labels: { [appliedLabel]: spec.sessionId } },
      ...more,
    });

    beforeAll(async () => {
      const account = { namespace: namespaceOf(spec.sessionId), name: learnerAccount };
      const token = await admin.requestToken(account, 600);
      learner = new KubeClient(loadKubeConfig({ file: cluster.kubeconfig, token }));
    });

    it.each<[string, () => Promise<unknown>]>([
      ['make a role', () => learner.create(there('Role', `${rbac}/v1`, { rules: [] }))],
      [
        'make a network policy',
        () => learner.create(there('NetworkPolicy', 'networking.k8s.io/v1', { spec: { podSelector: {} } })),
      ],
      [
        'take a network policy away',
        () => learner.delete(resources.networkPolicy, { namespace: namespaceOf(spec.sessionId), name: 'deny-all' }),
      ],
      [
        'raise the quota',
        () =>
          learner.patch(
            resources.resourceQuota,
            { namespace: namespaceOf(spec.sessionId), name: 'session' },
            { spec: { hard: { pods: '1000' } } },
          ),
      ],
      [
        'take the workbench away',
        () => learner.delete(resources.pod, { namespace: namespaceOf(spec.sessionId), name: 'workbench' }),
      ],
      [
        'take the workbench over',
        () =>
          learner.patch(
            resources.pod,
            { namespace: namespaceOf(spec.sessionId), name: 'workbench' },
            { metadata: { labels: { [appliedLabel]: spec.sessionId } } },
          ),
      ],
      [
        'give itself a token',
        () => learner.requestToken({ namespace: namespaceOf(spec.sessionId), name: learnerAccount }, 600),
      ],
      [
        'carry a label of the platform',
        () => {
          const labels = { [appliedLabel]: spec.sessionId, 'nalabo.io/session': 'other' };
          return learner.create(there('ConfigMap', 'v1', { metadata: { ...there('ConfigMap').metadata, labels } }));
        },
      ],
      ['look around', () => learner.listMetadata(resources.namespace, {})],
      ['see the secrets of others', () => learner.listMetadata(resources.secret, {})],
      [
        'write elsewhere',
        () => learner.create({ ...there('ConfigMap'), metadata: { name: 'hostile', namespace: 'default' } }),
      ],
    ])('nobody can %s', async (_, attempt) => {
      const before = await held();
      const error: unknown = await attempt().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AppError);
      expect([403, 422]).toContain((error as AppError).details['status']);
      expect(await held()).toEqual(before);
    });
  });
});

const eventKind: KubeResource = { apiVersion: 'v1', kind: 'Event', plural: 'events', isNamespaced: true };
