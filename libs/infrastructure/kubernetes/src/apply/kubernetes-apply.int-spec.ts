import type { AppliedObject } from '@nalabo/contracts';
import type { ApplyRequest, ManifestObject } from '@nalabo/infrastructure-port';
import { newSessionId } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { KubernetesApply } from './kubernetes-apply.js';
import { openPortForward } from './port-forward.js';
import { VirtualSession } from './virtual-session.cases.js';

const patience = { timeoutMs: 120_000, intervalMs: 200 };

/** The objects of a file, as whoever reads it for the facet hands them over. */
function objectsOf(file: string): readonly ManifestObject[] {
  return parseAllDocuments(file).map((parsed, index) => {
    const content = parsed.toJS() as KubeObject;
    const { apiVersion, kind, metadata } = content;
    const { name, namespace = null } = metadata;
    return { apiVersion, kind, name, namespace, content, document: index + 1, line: index * 10 + 1 };
  });
}

const workshop = (replicas: number): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: workshop-web, labels: { app: web } }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: web
          image: rig/busybox:1
          command: [sleep, infinity]
          resources: { requests: { cpu: 10m, memory: 16Mi }, limits: { memory: 16Mi } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: workshop-web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Namespace
metadata: { name: workshop-web }
`;

const secret = (value: string): string => `
apiVersion: v1
kind: Secret
metadata: { name: keys, namespace: workshop-web }
stringData: { password: ${value} }
`;

const gadgets = `
apiVersion: example.org/v1
kind: Gadget
metadata: { name: first }
spec: { size: 3 }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.example.org }
spec:
  group: example.org
  scope: Namespaced
  names: { kind: Gadget, plural: gadgets, singular: gadget }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
`;

const requestOf = (objects: readonly ManifestObject[]): ApplyRequest => ({
  model: { type: 'yaml', objects },
  current: null,
  limits: { cpuMillicores: 1, memoryBytes: 1, storageBytes: 1 },
});

describeOnCluster('applying in a session with a virtual cluster', process.env, (cluster) => {
  const session = new VirtualSession(cluster);
  const facet = new KubernetesApply(session.client, { kubeconfigServer: 'https://{clusterIP}:443' });
  const signal = (): AbortSignal => AbortSignal.timeout(60_000);
  const plan = (file: string) => facet.plan(session.spec, requestOf(objectsOf(file)), signal());
  const apply = async (file: string) => facet.apply(await plan(file), signal());
  const actions = (objects: readonly AppliedObject[]) => objects.map(({ kind, name, action }) => [kind, name, action]);
  const get = (resource: Parameters<typeof session.client.get>[0], name: string, namespace = 'workshop-web') =>
    session.asLearner((api) => api.find(resource, { namespace, name }));

  beforeAll(() => session.make());
  afterAll(() => session.remove());

  it('plans a namespace with what is in it, and makes nothing', async () => {
    const { changes } = await plan(workshop(1));
    expect(changes).toMatchObject([
      { kind: 'Namespace', name: 'workshop-web', namespace: null, action: 'created' },
      { kind: 'Service', namespace: 'workshop-web', action: 'created' },
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'workshop-web', action: 'created' },
    ]);
    expect(await session.asLearner((api) => api.find(resources.namespace, { name: 'workshop-web' }))).toBeUndefined();
  });

  it('makes it, in order, and it runs', async () => {
    const results = await apply(workshop(1));
    expect(actions(results)).toEqual([
      ['Namespace', 'workshop-web', 'created'],
      ['Service', 'web', 'created'],
      ['Deployment', 'web', 'created'],
    ]);
    await eventually(async () => {
      expect(await get(resources.deployment, 'web')).toMatchObject({ status: { readyReplicas: 1 } });
    }, patience);
  });

  it('finds nothing to do a second time, though controllers have written to the objects since', async () => {
    expect(actions(await apply(workshop(1))).map(([, , action]) => action)).toEqual(Array(3).fill('unchanged'));
  });

  it('shows what would change, changes it, and nothing else', async () => {
    const { changes } = await plan(workshop(2));
    const changed = changes.filter(({ action }) => action === 'changed');
    expect(changed).toMatchObject([{ kind: 'Deployment', name: 'web' }]);
    expect(changed[0]?.diff?.split('\n').filter((line) => /^[+-] /.test(line))).toEqual([
      '-  replicas: 1',
      '+  replicas: 2',
    ]);
    expect(await get(resources.deployment, 'web')).toMatchObject({ spec: { replicas: 1 } });
    await apply(workshop(2));
    expect(await get(resources.deployment, 'web')).toMatchObject({ spec: { replicas: 2 } });
  });

  it('takes away again what it has given, also from a Service', async () => {
    const file = (port: number): string => workshop(2).replace('port: 80', `port: ${port}`);
    await apply(file(8080));
    expect(await get(resources.service, 'web')).toMatchObject({ spec: { ports: [{ port: 8080 }] } });
    await apply(file(80));
    expect(await get(resources.service, 'web')).toMatchObject({ spec: { ports: [{ port: 80 }] } });
  });

  it('removes what is no longer in the file, and not what controllers or others have made', async () => {
    await session.asLearner((api) =>
      api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own', namespace: 'workshop-web' } }),
    );
    const withoutService = workshop(2).replace(/apiVersion: v1\nkind: Service[^]*?---/, '');
    expect(actions(await apply(withoutService))).toEqual([
      ['Namespace', 'workshop-web', 'unchanged'],
      ['Deployment', 'web', 'unchanged'],
      ['Service', 'web', 'removed'],
    ]);
    expect(await get(resources.service, 'web')).toBeUndefined();
    expect(await get(resources.configMap, 'own')).toBeDefined();
    expect(actions(await apply(withoutService)).map(([, , action]) => action)).toEqual(['unchanged', 'unchanged']);
  });

  it('never shows the values of a Secret', async () => {
    const file = (value: string): string => `${workshop(2)}---${secret(value)}`;
    await apply(file('first-value'));
    const { changes } = await plan(file('second-value'));
    const shown = JSON.stringify(changes);
    expect(shown).toContain('*** (after)');
    for (const value of ['first-value', 'second-value']) {
      expect(shown).not.toContain(value);
      expect(shown).not.toContain(Buffer.from(value).toString('base64').slice(0, 8));
    }
  });

  it('refuses a file with every fault that the API finds, and makes nothing of it', async () => {
    const broken = workshop(2)
      .replace('rig/busybox:1', '""')
      .replace('port: 80', 'port: 800000')
      .concat('---\napiVersion: v1\nkind: Gizmo\nmetadata: { name: g }\n');
    await expect(plan(broken)).rejects.toMatchObject({
      kind: 'unprocessable',
      details: { violations: [{ path: 'kind', document: 4, line: 31 }] },
    });
    await expect(plan(broken.replace(/---\napiVersion: v1\nkind: Gizmo[^]*$/, ''))).rejects.toMatchObject({
      kind: 'unprocessable',
      details: {
        violations: [
          { path: 'spec.ports[0].port', document: 2, line: 11 },
          { path: 'spec.ports[0].targetPort', document: 2, line: 11 },
          { path: 'spec.template.spec.containers[0].image', document: 1, line: 1 },
        ],
      },
    });
  });

  it('refuses a field that does not exist, and a namespace that nobody makes', async () => {
    const elsewhere = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: nowhere }\n';
    const unheard = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\nunheard: 1\n';
    const refusal = await plan(`${elsewhere}---\n${unheard}`).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      details: {
        violations: [
          { document: 1, message: expect.stringContaining('"nowhere" not found') },
          { document: 2, message: expect.stringContaining('unheard') },
        ],
      },
    });
  });

  it.each([
    ['a quantity', workshop(2).replace('cpu: 10m', 'cpu: zz'), /quantities must match/],
    ['a value of a Secret', secret('x').replace('stringData', 'data').replace(': x', ': "no base64!"'), /base64/],
  ])('refuses %s that is none, with its place', async (_, file, message) => {
    await expect(plan(file)).rejects.toMatchObject({
      kind: 'unprocessable',
      details: { violations: [{ message: expect.stringMatching(message), document: 1, line: 1 }] },
    });
  });

  it('waits for a definition before it makes an object of the new kind', async () => {
    expect(
      actions(await apply(`${workshop(2)}---${gadgets}`)).filter(([, , action]) => action !== 'unchanged'),
    ).toEqual([
      ['CustomResourceDefinition', 'gadgets.example.org', 'created'],
      ['Gadget', 'first', 'created'],
      ['Secret', 'keys', 'removed'],
    ]);
    const again = await plan(`${workshop(2)}---${gadgets.replace('size: 3', 'size: 4')}`);
    expect(again.changes.filter(({ action }) => action !== 'unchanged')).toMatchObject([
      { kind: 'Gadget', action: 'changed', diff: expect.stringContaining('+  size: 4') },
    ]);
  });

  it('makes a pod in a namespace that it has just made', async () => {
    const pod = `
apiVersion: v1
kind: Pod
metadata: { name: bare, namespace: bare }
spec: { containers: [{ name: bare, image: "rig/busybox:1", command: [sleep, infinity] }] }
`;
    const file = `apiVersion: v1\nkind: Namespace\nmetadata: { name: bare }\n---${pod}`;
    expect(actions(await apply(file)).slice(0, 2)).toEqual([
      ['Namespace', 'bare', 'created'],
      ['Pod', 'bare', 'created'],
    ]);
  });

  it('takes a namespace that every API has, and never removes it', async () => {
    const named = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: default, labels: { seen: "yes" } }\n';
    const made = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: beside }\n';
    expect(actions(await apply(`${named}---\n${made}`))).toContainEqual(['Namespace', 'default', 'changed']);
    const { changes } = await plan(made);
    expect(actions(changes)).toEqual([['ConfigMap', 'beside', 'unchanged']]);
  });

  it('says of each object what became of it when one fails in the middle, and removes nothing then', async () => {
    const file = [
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: fine }\n',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: doomed }\ndata: { text: "1" }\nimmutable: true\n',
    ].join('---\n');
    const planned = await plan(file);
    await session.asLearner((api) =>
      api.create({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'doomed', namespace: 'default' },
        data: { text: 'other' },
        immutable: true,
      }),
    );
    const results = await facet.apply(planned, signal());
    expect(results.slice(0, 2)).toMatchObject([
      { name: 'fine', action: 'created' },
      { name: 'doomed', action: 'failed', message: expect.stringContaining('immutable') },
    ]);
    const kept = results.slice(2);
    expect(kept.length).toBeGreaterThan(0);
    for (const result of kept)
      expect(result).toMatchObject({ action: 'failed', message: expect.stringMatching(/^kept/) });
    expect(await session.asLearner((api) => api.find(resources.namespace, { name: 'bare' }))).toBeDefined();
  });

  it('attempts nothing when the time is over', async () => {
    const planned = await plan('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: late }\n');
    await expect(facet.apply(planned, AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await get(resources.configMap, 'late', 'default')).toBeUndefined();
  });

  it('gives a kubeconfig that works from outside, or says why there is none', async () => {
    const kubeconfig = await facet.kubeconfig(session.spec, signal());
    expect(kubeconfig).toMatch(/server: https:\/\/[\d.]+:443\n/);
    expect(kubeconfig).toContain(`tls-server-name: vcluster.${session.namespace}.svc`);
    const without = new KubernetesApply(session.client, {});
    await expect(without.kubeconfig(session.spec, signal())).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('knows no session that is not there, and none that is only a namespace', async () => {
    const ref = { sessionId: newSessionId(), generation: 1 };
    await expect(facet.kubeconfig(ref, signal())).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(facet.manifestScope(ref, signal())).rejects.toMatchObject({ kind: 'unavailable' });
    const name = `nalabo-session-${ref.sessionId}`;
    const labels = { 'nalabo.io/isolation': 'namespace' };
    await session.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    try {
      await expect(facet.plan(ref, requestOf([]), signal())).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(facet.kubeconfig(ref, signal())).rejects.toMatchObject({ kind: 'unprocessable' });
    } finally {
      await session.client.delete(resources.namespace, { name });
    }
  });

  it('cannot be led to a port or a pod that is not there', async () => {
    const at = { namespace: session.namespace, pod: 'nobody', port: 8443 };
    await expect(openPortForward(session.client.config, at, signal())).rejects.toMatchObject({ kind: 'not_found' });
    const aborted = openPortForward(session.client.config, at, AbortSignal.abort());
    await expect(aborted).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
