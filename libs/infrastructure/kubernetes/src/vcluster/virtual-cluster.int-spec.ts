import { KubeConfig } from '@kubernetes/client-node';
import { newSessionId } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KubeClient } from '../cluster/kube.client.js';
import { resources } from '../cluster/kube-resource.js';
import { partLabel, syncedLabel } from '../session/session-names.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { makeSession } from './testing/make-session.js';
import {
  addressOf,
  answers,
  explorer,
  patience,
  results,
  server,
  sleeper,
  type Pod,
  type Service,
} from './testing/probe-pods.js';
import { webhook, webhooks } from './testing/webhook.js';

const metadataService = '169.254.169.254';

describeOnCluster('a session with a virtual cluster', process.env, ({ kubeconfig: path, targetConfig }) => {
  const sessionId = newSessionId();
  const namespace = `nalabo-session-${sessionId}`;
  const foreign = `nalabo-foreign-${sessionId}`;
  const labels = { 'nalabo.io/session': sessionId, 'nalabo.io/instance': 'vcluster-spec' };
  const config = new KubeConfig();
  let host: KubeClient;
  let learner: KubeClient;
  let foreignAddress: string;
  let outside: Record<string, string>;

  /** What names the session outside its namespace. Other sessions come and go on the cluster meanwhile. */
  const outsideNamespace = async (): Promise<readonly string[]> => {
    const kinds = [resources.clusterRole, resources.clusterRoleBinding, resources.persistentVolume];
    const found = await Promise.all(kinds.map((kind) => host.list(kind, {})));
    const ofSession = found.flat().filter((object) => JSON.stringify(object).includes(sessionId));
    return ofSession.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  };
  const makeNamespace = (client: KubeClient, name: string, own: Record<string, string> = {}) =>
    client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: own } });

  beforeAll(async () => {
    config.loadFromFile(path);
    host = new KubeClient(config);
    const made = await makeSession(host, { namespace, labels }, targetConfig);
    learner = made.learner;
    process.stdout.write(`virtual API usable ${made.usableAfterMs} ms after the first request\n`);

    await makeNamespace(host, foreign);
    await host.apply(server(foreign, 'target'));
    foreignAddress = await addressOf(host, foreign, 'target');
    const api = new URL(host.server);
    outside = {
      'host-api': `${api.hostname}:${api.port || 443}`,
      'host-service': `${made.hostApi[0]?.address}:${made.hostApi[0]?.port}`,
      metadata: `${metadataService}:80`,
      foreign: `${foreignAddress}:8080`,
      kubelet: `${api.hostname}:10250`,
    };
  });

  afterAll(async () => {
    for (const name of [namespace, foreign]) await host?.delete(resources.namespace, { name });
  });

  it('runs pods of a learner, whose services and names work', async () => {
    await makeNamespace(learner, 'apps');
    await eventually(() => learner.get(resources.serviceAccount, { namespace: 'apps', name: 'default' }), patience);
    await learner.create(server('apps', 'web'));
    await learner.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'apps' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    });
    await addressOf(learner, 'apps', 'web');
    await eventually(async () => {
      const [dns] = await learner.list<Pod>(resources.pod, {
        namespace: 'kube-system',
        labelSelector: 'k8s-app=vcluster-kube-dns',
      });
      await addressOf(learner, 'kube-system', dns?.metadata.name ?? '');
    }, patience);
    const inside = { service: 'web.apps.svc.cluster.local:80', 'virtual-api': 'kubernetes.default.svc:443' };
    await learner.create(explorer({ name: 'inside', namespace: 'apps' }, { open: inside }));
    expect(await results(learner, 'apps', 'inside')).toEqual({ service: true, 'virtual-api': true });
    // The server does not listen for a moment after each answer.
    await eventually(
      async () => expect(await learner.read('/api/v1/namespaces/apps/services/web:80/proxy/')).toEqual({}),
      patience,
    );
  });

  it('lets no pod of a learner out, whatever its labels pretend and its policies allow', async () => {
    expect(await answers(foreignAddress, 8080)).toBe(true);
    await learner.apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'allow-all', namespace: 'apps' },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] },
    });
    const pretended = { app: 'vcluster', release: 'vcluster', [partLabel]: 'control-plane', [syncedLabel]: 'nobody' };
    await learner.create(explorer({ name: 'escape', namespace: 'apps', labels: pretended }, { shut: outside }));
    expect(await results(learner, 'apps', 'escape')).toEqual({
      'host-api': false,
      'host-service': false,
      metadata: false,
      foreign: false,
      kubelet: false,
    });
    const synced = await host.get<Pod>(resources.pod, { namespace, name: 'escape-x-apps-x-vcluster' });
    expect(synced.metadata.labels).toMatchObject({ [syncedLabel]: 'vcluster' });
    expect(synced.metadata.labels).not.toHaveProperty('release');
    expect(await host.list(resources.networkPolicy, { namespace })).toHaveLength(4);
  });

  it('keeps the mark of a synced pod when the learner changes its labels', async () => {
    const labelsNow = { [syncedLabel]: null, 'vcluster.loft.sh/namespace': null, [partLabel]: 'workbench', app: null };
    await learner.patch(resources.pod, { namespace: 'apps', name: 'web' }, { metadata: { labels: labelsNow } });
    const synced = await eventually(async () => {
      const found = await host.get<Pod>(resources.pod, { namespace, name: 'web-x-apps-x-vcluster' });
      expect(found.metadata.labels).toHaveProperty([partLabel], 'workbench');
      return found;
    }, patience);
    expect(synced.metadata.labels).toHaveProperty([syncedLabel], 'vcluster');
    await learner.patch(resources.pod, { namespace: 'apps', name: 'web' }, { metadata: { labels: { app: 'web' } } });
  });

  it('does not let the virtual API carry requests out for a learner', async () => {
    const callOf = async (address: string): Promise<string> => {
      await learner.apply(webhook(`https://${address}:8080/`), { resource: webhooks });
      const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'any', namespace: 'apps' } };
      return learner.create(configMap).then(
        () => 'made',
        (error: unknown) => String(error),
      );
    };
    const { status } = await learner.get<Pod>(resources.pod, { namespace: 'apps', name: 'web' });
    // The configuration takes effect a moment later. That it is reached, and is no webhook, shows that calls go out.
    const reached = /HTTP response to HTTPS|EOF|reset/;
    await eventually(async () => expect(await callOf(status?.podIP ?? '')).toMatch(reached), patience);
    await eventually(async () => expect(await callOf(foreignAddress)).toContain(foreignAddress), patience);
    expect(await callOf(foreignAddress)).toMatch(/deadline exceeded|timeout/);
    await learner.delete(webhooks, { name: 'bridge' });
  });

  it('refuses services that take over addresses of the host', async () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'taken', namespace: 'apps' },
      spec: { externalIPs: ['198.51.100.7'], selector: { app: 'web' }, ports: [{ port: 80 }] },
    };
    await expect(learner.create(service)).rejects.toThrow(/external/i);
    await expect(learner.apply(service)).rejects.toThrow(/external/i);
    await eventually(async () => {
      const services = await host.list<Service>(resources.service, { namespace });
      expect(services.filter(({ spec }) => (spec.externalIPs ?? []).length > 0)).toEqual([]);
    }, patience);
  });

  it('admits no pod to the host that reaches into its node', async () => {
    await makeNamespace(learner, 'bare', { 'pod-security.kubernetes.io/enforce': 'privileged' });
    await eventually(() => learner.get(resources.serviceAccount, { namespace: 'bare', name: 'default' }), patience);
    const privileged = { securityContext: { privileged: true } };
    const mounting = { volumeMounts: [{ name: 'node', mountPath: '/node' }] };
    const hostPath = { volumes: [{ name: 'node', hostPath: { path: '/' } }] };
    await Promise.allSettled([
      learner.create(sleeper({ name: 'privileged', namespace: 'bare' }, privileged)),
      learner.create(sleeper({ name: 'mounting', namespace: 'bare' }, mounting, hostPath)),
      learner.create(sleeper({ name: 'beside', namespace: 'bare' }, {}, { hostNetwork: true })),
    ]);
    await learner.create(server('bare', 'plain'));
    await addressOf(learner, 'bare', 'plain');
    const synced = await host.list<Pod>(resources.pod, { namespace, labelSelector: 'vcluster.loft.sh/namespace=bare' });
    expect(synced.map(({ metadata }) => metadata.name)).toEqual(['plain-x-bare-x-vcluster']);
  });

  it('lets the workbench reach the virtual API and the pods of the learner, and nothing else', async () => {
    const { spec } = await host.get<Service>(resources.service, { namespace, name: 'vcluster' });
    const { status } = await learner.get<Pod>(resources.pod, { namespace: 'apps', name: 'web' });
    const inside = { 'virtual-api': `${spec.clusterIP}:443`, web: `${status?.podIP}:8080` };
    const metadata = { name: 'workbench', namespace, labels: { ...labels, [partLabel]: 'workbench' } };
    await host.create(explorer(metadata, { open: inside, shut: outside }));
    expect(await results(host, namespace, 'workbench')).toEqual({
      'virtual-api': true,
      web: true,
      'host-api': false,
      'host-service': false,
      metadata: false,
      foreign: false,
      kubelet: false,
    });
  });

  it('makes nothing outside its namespace, carries no trace of helm, and is gone with the namespace', async () => {
    expect(await outsideNamespace()).toEqual([]);
    const secrets = await host.list(resources.secret, { namespace });
    expect(secrets.filter(({ metadata }) => metadata.name.startsWith('sh.helm'))).toEqual([]);
    await host.delete(resources.namespace, { name: namespace });
    await eventually(
      async () => expect(await host.find(resources.namespace, { name: namespace })).toBeUndefined(),
      patience,
    );
    expect(await outsideNamespace()).toEqual([]);
  });
});
