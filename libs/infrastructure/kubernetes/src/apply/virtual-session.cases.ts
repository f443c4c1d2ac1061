import { specFactory } from '@nalabo/infrastructure-port/conformance';
import { systemClock } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { KubeClient } from '../cluster/kube.client.js';
import { resources } from '../cluster/kube-resource.js';
import { loadKubeConfig } from '../cluster/load-kube-config.js';
import { namespaceObject } from '../session/namespace-objects.js';
import { namespaceOf, sessionLabels } from '../session/session-names.js';
import type { TestCluster } from '../testing/describe-on-cluster.js';
import { VirtualClusterChart } from '../vcluster/virtual-cluster-chart.js';
import { VirtualClusters } from '../vcluster/virtual-clusters.js';
import { SessionApis } from './session-apis.js';

const patience = { timeoutMs: 240_000, intervalMs: 200 };

/** A session with a virtual cluster and without a workbench: enough to apply something in it. */
export class VirtualSession {
  readonly spec = specFactory(0)();
  readonly namespace = namespaceOf(this.spec.sessionId);
  readonly client: KubeClient;
  readonly apis: SessionApis;

  constructor(private readonly cluster: TestCluster) {
    this.client = new KubeClient(loadKubeConfig({ file: cluster.kubeconfig }));
    this.apis = new SessionApis(this.client);
  }

  async make(): Promise<void> {
    const { targetConfig } = this.cluster;
    const chart = new VirtualClusterChart({
      chart: targetConfig.virtualClusterChart,
      imagePrefix: targetConfig.imagePrefix,
      helm: { environment: targetConfig.helmEnvironment },
    });
    const surroundings = { instance: 'apply-spec', isolation: 'vcluster', platformNamespace: 'nalabo' } as const;
    const labels = sessionLabels(surroundings.instance, this.spec, surroundings.isolation);
    const virtualClusters = new VirtualClusters(this.client, chart, systemClock, targetConfig);
    await this.client.apply(namespaceObject(this.spec, surroundings));
    const { first, second } = await virtualClusters.partsFor(this.spec, labels, AbortSignal.timeout(60_000));
    await Promise.all(first.map((object) => this.client.apply(object)));
    await Promise.all(second.map((object) => this.client.apply(object)));
    const at = { namespace: 'default', name: 'default' };
    await eventually(() => this.asLearner((api) => api.get(resources.serviceAccount, at)), patience);
  }

  asLearner<T>(work: (api: KubeClient) => Promise<T>): Promise<T> {
    return this.apis.use(this.spec, AbortSignal.timeout(20_000), ({ client }) => work(client));
  }

  async remove(): Promise<void> {
    await this.client.delete(resources.namespace, { name: this.namespace });
    await eventually(async () => {
      if (await this.client.find(resources.namespace, { name: this.namespace })) throw new Error('still there');
    }, patience);
  }
}
