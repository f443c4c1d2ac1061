import { networkInterfaces } from 'node:os';
import type { Isolation as SessionIsolation } from '@nalabo/contracts';
import {
  ownershipOf,
  prefixedLabels,
  sessionObjectName,
  type SessionRef,
  type SessionSpec,
} from '@nalabo/infrastructure-port';
import {
  type AppliedLimits,
  type ConformanceHarness,
  type ForeignObject,
  type ForeignOwner,
  type Isolation,
} from '@nalabo/infrastructure-port/conformance';
import { SwitchableProxy } from '@nalabo/testing';
import { parseBytes, parseCpuMillicores } from '@nalabo/kernel';
import { KubeClient } from '../cluster/kube.client.js';
import { resources } from '../cluster/kube-resource.js';
import { loadKubeConfig } from '../cluster/load-kube-config.js';
import { namespaceOverhead } from '../session/session-resources.js';
import { virtualClusterOverhead } from '../vcluster/virtual-cluster-overhead.js';
import type { TestCluster } from './describe-on-cluster.js';
import { TestInstallation } from './test-installation.js';

/** Holds the Kubernetes provider to the provider contract, on a real cluster behind a proxy that can be shut. */
export async function kubernetesHarness(
  cluster: TestCluster,
  isolation: SessionIsolation,
): Promise<ConformanceHarness> {
  const direct = new KubeClient(loadKubeConfig({ file: cluster.kubeconfig }));
  const api = new URL(direct.server);
  const proxy = new SwitchableProxy({ host: api.hostname, port: Number(api.port || 443) });
  await proxy.open();
  const test = new TestInstallation(cluster, {
    isolation,
    cluster: { file: cluster.kubeconfig, endpoint: `https://127.0.0.1:${proxy.port}` },
  });
  const { target } = test;
  return {
    target,
    newSpec: (overrides) => test.newSpec(overrides),
    sessionsInParallel: isolation === 'namespace' ? 4 : 2,
    // Several virtual clusters that start at once on one node take a minute each when it has nothing else to do.
    deadlineMilliseconds: 240_000,
    killWorkbench: ({ sessionId }) => kill(direct, sessionId),
    leftovers: () => test.held(),
    makeForeignObject: (ref, owner) => makeForeignNamespace(direct, test.newSpec(ref), owner),
    breakBackend: async () => {
      await proxy.shut();
      // A call of the target's own, so that it has noticed the end of its connections when the test goes on.
      await target.observe.probe(AbortSignal.timeout(10_000));
      return () => proxy.open();
    },
    appliedLimits: (ref) => appliedLimits(direct, ref),
    isolation: isolationOf(api),
    close: () => proxy.shut(),
  };
}

async function kill(client: KubeClient, sessionId: string): Promise<void> {
  const at = { namespace: sessionObjectName(sessionId), name: 'workbench' };
  await client.delete(resources.pod, at, { gracePeriodSeconds: 0 });
}

/**
 * What is left of the quota for the learner when the platform's own parts are taken off, and in a namespace, where he has
 * the workbench only, what that is held to.
 */
async function appliedLimits(client: KubeClient, { sessionId }: SessionRef): Promise<AppliedLimits> {
  const namespace = sessionObjectName(sessionId);
  const quota = await client.get(resources.resourceQuota, { namespace, name: 'session' });
  const { hard } = quota['spec'] as { readonly hard: Readonly<Record<string, string>> };
  const { labels = {} } = (await client.get(resources.namespace, { name: namespace })).metadata;
  const overhead = labels['nalabo.io/isolation'] === 'vcluster' ? virtualClusterOverhead : namespaceOverhead;
  return {
    cpuMillicores: (parseCpuMillicores(hard['limits.cpu'] ?? '') ?? NaN) - overhead.cpuMillicores,
    memoryBytes: (parseBytes(hard['limits.memory'] ?? '') ?? NaN) - overhead.memoryBytes,
    processes: null,
  };
}

async function makeForeignNamespace(
  client: KubeClient,
  spec: SessionSpec,
  owner: ForeignOwner,
): Promise<ForeignObject> {
  const name = sessionObjectName(spec.sessionId);
  const labels = owner === 'nobody' ? {} : prefixedLabels(ownershipOf('another-installation', spec), 'nalabo.io/');
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  const find = () => client.find(resources.namespace, { name });
  return {
    kind: 'namespace',
    name,
    exists: async () => (await find())?.metadata.deletionTimestamp === undefined,
    remove: async () => {
      await client.delete(resources.namespace, { name });
      while (await find()) await new Promise((resolve) => setTimeout(resolve, 100));
    },
  };
}

function isolationOf(api: URL): Isolation {
  const hosts = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
  );
  const apiPort = Number(api.port || 443);
  return {
    forbiddenPaths: [
      '/var/run/docker.sock',
      '/run/containerd',
      '/var/run/secrets/kubernetes.io',
      '/var/lib/kubelet',
      '/host',
    ],
    forbiddenEndpoints: () =>
      Promise.resolve([
        ...[...new Set([...hosts, api.hostname])].map((host) => ({ host, port: apiPort })),
        { host: api.hostname, port: 10250 },
        { host: '10.96.0.1', port: 443 },
        { host: '169.254.169.254', port: 80 },
      ]),
  };
}
