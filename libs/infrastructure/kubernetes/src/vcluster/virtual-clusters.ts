import type { SessionSpec } from '@nalabo/infrastructure-port';
import { AppError, type Clock } from '@nalabo/kernel';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { namespaceOf } from '../session/session-names.js';
import type { VirtualApi } from '../session/workbench-pod.js';
import { readHostApiAddresses } from './host-api-addresses.js';
import { virtualClusterPolicies, type HostApiAddress } from './network-policies.js';
import type { VirtualClusterChart } from './virtual-cluster-chart.js';
import { partsToApply, type VirtualClusterParts } from './virtual-cluster-parts.js';
import { releaseName, virtualApiHost } from './virtual-cluster-names.js';
import { VirtualClusterSecrets } from './virtual-cluster-secrets.js';

export interface VirtualClustersSettings {
  readonly platformNamespace: string;
  readonly kubeconfigServer?: string | undefined;
}

/** A cluster is upgraded, and its API moves, without telling us. */
const hostFactsMs = 5 * 60_000;

interface Host {
  readonly version: string;
  readonly api: readonly HostApiAddress[];
}

interface Deployment extends KubeObject {
  readonly spec?: { readonly replicas?: number };
}

/** Puts virtual clusters together: the chart's objects, an authority of our own, and what may talk to what. */
export class VirtualClusters {
  private readonly secrets: VirtualClusterSecrets;
  private host: { readonly facts: Promise<Host>; readonly until: number } | undefined;

  constructor(
    private readonly client: KubeClient,
    private readonly chart: VirtualClusterChart,
    private readonly clock: Clock,
    private readonly settings: VirtualClustersSettings,
  ) {
    this.secrets = new VirtualClusterSecrets(client, clock);
  }

  async partsFor(
    spec: SessionSpec,
    labels: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<VirtualClusterParts> {
    const namespace = namespaceOf(spec.sessionId);
    const { kubeconfigServer, platformNamespace } = this.settings;
    // Learners outside check the certificate against the inner name, whatever address they come by.
    const session = { namespace, labels, serverNames: [] };
    const [host, controlPlane] = await Promise.all([
      this.hostFacts(),
      this.controlPlaneIn(namespace, signal),
      this.secrets.ensure({ namespace, labels, endsByEpochSeconds: spec.endsByEpochSeconds }, signal),
    ]);
    const objects = await this.chart.objectsFor(session, host.version);
    const policies = virtualClusterPolicies({
      namespace,
      labels,
      hostApi: host.api,
      platformNamespace,
      isExposed: kubeconfigServer !== undefined,
    });
    if (!objects.some(({ kind }) => kind === 'Deployment')) {
      throw new AppError('unprocessable', 'the chart of virtual clusters has no Deployment');
    }
    const { first, second } = partsToApply(objects, controlPlane);
    return { first: [...policies, ...first], second };
  }

  /** The Deployment that is there already. One that somebody has put to rest is woken up. */
  private async controlPlaneIn(namespace: string, signal: AbortSignal): Promise<KubeObject | undefined> {
    const at = { namespace, name: releaseName };
    const deployment = await this.client.find<Deployment>(resources.deployment, at, signal);
    if (deployment?.spec?.replicas === 0) {
      await this.client.patch(resources.deployment, at, { spec: { replicas: 1 } });
    }
    return deployment;
  }

  /** The name in the learner's kubeconfig and the address behind it, which exists once the Service has been applied. */
  async apiOf(spec: SessionSpec, signal: AbortSignal): Promise<VirtualApi> {
    const namespace = namespaceOf(spec.sessionId);
    const service = await this.client.get<KubeObject>(resources.service, { namespace, name: releaseName }, signal);
    const { clusterIP } = service['spec'] as { readonly clusterIP: string };
    return { host: virtualApiHost(namespace), address: clusterIP };
  }

  /** Asked now and then, for all sessions that are built meanwhile; a failure is asked again. */
  private async hostFacts(): Promise<Host> {
    const now = this.clock.now().getTime();
    if (!this.host || this.host.until < now) this.host = { facts: this.readHost(), until: now + hostFactsMs };
    const { host } = this;
    try {
      return await host.facts;
    } catch (error) {
      if (this.host === host) this.host = undefined;
      throw error;
    }
  }

  private async readHost(): Promise<Host> {
    const [version, api] = await Promise.all([this.client.read('/version'), readHostApiAddresses(this.client)]);
    return { version: (version as { gitVersion: string }).gitVersion, api };
  }
}
