import type { Capabilities, Capability } from '@nalabo/contracts';
import type { InfrastructureTarget } from '@nalabo/infrastructure-port';
import { systemClock } from '@nalabo/kernel';
import { InitialObjects } from './apply/initial-objects.js';
import { KubernetesApply } from './apply/kubernetes-apply.js';
import { KubeClient } from './cluster/kube.client.js';
import { loadKubeConfig } from './cluster/load-kube-config.js';
import { KubernetesExec } from './exec/kubernetes-exec.js';
import type { KubernetesTargetConfig } from './kubernetes-target.config.js';
import { KubernetesPreflight } from './preflight/kubernetes-preflight.js';
import { KubernetesLifecycle } from './session/kubernetes-lifecycle.js';
import { KubernetesObserve } from './session/kubernetes-observe.js';
import { KubernetesRemoval } from './session/kubernetes-removal.js';
import { SessionBuilder } from './session/session-builder.js';
import { SessionCache } from './session/session-cache.js';
import { SessionReader } from './session/session-reader.js';
import { SessionStorage } from './session/session-storage.js';
import { VirtualClusterChart } from './vcluster/virtual-cluster-chart.js';
import { VirtualClusters } from './vcluster/virtual-clusters.js';
import { KubernetesUsage } from './usage/kubernetes-usage.js';

/**
 * Sessions as namespaces of one cluster. Nothing is sent until a facet is used.
 * @throws AppError `invalid_input` when the kubeconfig cannot be used.
 */
export function createKubernetesTarget(config: KubernetesTargetConfig): InfrastructureTarget {
  const client = new KubeClient(loadKubeConfig(config.cluster), config);
  const reader = new SessionReader(client, config.instance);
  const chart = new VirtualClusterChart({
    chart: config.virtualClusterChart,
    imagePrefix: config.imagePrefix,
    helm: { environment: config.helmEnvironment },
  });
  const virtualClusters = new VirtualClusters(client, chart, systemClock, config);
  const builder = new SessionBuilder(client, virtualClusters, systemClock, config);
  const cache = new SessionCache(client, config.instance);
  const storage = new SessionStorage(client);
  const apply = new KubernetesApply(client, config);
  const removal = new KubernetesRemoval(client, storage, systemClock, config);
  const preflight = new KubernetesPreflight(client, systemClock, {
    ...config,
    renderChart: (version) => chart.objectsFor({ namespace: 'preflight', labels: {}, serverNames: [] }, version),
  });
  return {
    name: config.name,
    describe: {
      kind: 'kubernetes',
      capabilities: () => Promise.resolve(capabilities(config)),
      preflight: (signal) => preflight.run(signal),
    },
    lifecycle: new KubernetesLifecycle(client, reader, builder, removal, new InitialObjects(apply)),
    observe: new KubernetesObserve(client, reader, cache, new KubernetesUsage(client)),
    exec: new KubernetesExec(client, config.instance),
    apply,
  };
}

const available: Capability = { available: true, reason: null };
const absent = (reason: string): Capability => ({ available: false, reason });

function capabilities({ isolation, kubeconfigServer }: KubernetesTargetConfig): Capabilities {
  const isVirtual = isolation === 'vcluster';
  return {
    exec: available,
    usage: available,
    storageQuota: available,
    processLimit: absent('a cluster limits processes on its nodes only (podPidsLimit of the kubelet)'),
    selfEnding: isVirtual
      ? absent('the workbench ends by itself, and the virtual cluster beside it is ended by the platform')
      : available,
    apply: available,
    builds: absent('a cluster runs images and builds none'),
    terminal: available,
    kubeconfig:
      kubeconfigServer === undefined ? absent('no address is configured under which learners reach it') : available,
  };
}
