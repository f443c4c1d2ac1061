import { KubeConfig } from '@kubernetes/client-node';
import { systemClock } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { KubeClient } from '../../cluster/kube.client.js';
import type { KubeObject } from '../../cluster/kube-object.js';
import { resources } from '../../cluster/kube-resource.js';
import type { KubernetesTargetConfig } from '../../kubernetes-target.config.js';
import { readHostApiAddresses } from '../host-api-addresses.js';
import { virtualClusterPolicies, type HostApiAddress } from '../network-policies.js';
import { createSessionAuthority, issueSessionKubeconfig } from '../session-authority.js';
import { VirtualClusterChart } from '../virtual-cluster-chart.js';
import { virtualApiServer } from '../virtual-cluster-names.js';
import type { Service } from './probe-pods.js';

export interface MadeSession {
  /** Calls the virtual API with the certificate of the learner. */
  readonly learner: KubeClient;
  readonly hostApi: readonly HostApiAddress[];
  /** From the first request to the host until the virtual API answers. */
  readonly usableAfterMs: number;
}

interface Place {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A session with a virtual cluster and nothing else in it. */
export async function makeSession(
  host: KubeClient,
  place: Place,
  { virtualClusterChart, imagePrefix, helmEnvironment, platformNamespace }: KubernetesTargetConfig,
): Promise<MadeSession> {
  const endsByEpochSeconds = Math.floor(systemClock.now().getTime() / 1000) + 900;
  const session = { ...place, serverNames: [], endsByEpochSeconds };
  const helm = { environment: helmEnvironment };
  const chart = new VirtualClusterChart({ chart: virtualClusterChart, imagePrefix, helm });
  const { gitVersion } = (await host.read('/version')) as { gitVersion: string };
  const objects = await chart.objectsFor(session, gitVersion);
  const hostApi = await readHostApiAddresses(host);
  const policies = virtualClusterPolicies({ ...place, hostApi, platformNamespace, isExposed: false });

  const begun = performance.now();
  await host.apply(namespaceOf(place));
  const authority = await createSessionAuthority(session, systemClock);
  const kubeconfig = await issueSessionKubeconfig(authority, session, systemClock);
  const all = [denyAll(place), ...policies, authority, kubeconfig, ...objects];
  await Promise.all(all.map((object) => host.apply(object)));
  const learner = await learnerOf(host, place.namespace, kubeconfig);
  await eventually(() => learner.get(resources.serviceAccount, { namespace: 'default', name: 'default' }), {
    timeoutMs: 240_000,
    intervalMs: 100,
  });
  return { learner, hostApi, usableAfterMs: Math.round(performance.now() - begun) };
}

/** By the address of the Service: names inside the cluster mean nothing here. */
async function learnerOf(host: KubeClient, namespace: string, kubeconfig: KubeObject): Promise<KubeClient> {
  const { spec } = await host.get<Service>(resources.service, { namespace, name: 'vcluster' });
  const { config = '' } = kubeconfig['data'] as Readonly<Record<string, string>>;
  const text = Buffer.from(config, 'base64').toString('utf8');
  const loaded = new KubeConfig();
  loaded.loadFromString(text.replace(virtualApiServer(namespace), `https://${spec.clusterIP}:443`));
  return new KubeClient(loaded);
}

function namespaceOf({ namespace, labels }: Place): KubeObject {
  const level = { 'pod-security.kubernetes.io/enforce': 'baseline' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { ...labels, ...level } } };
}

function denyAll({ namespace, labels }: Place): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'deny-all', namespace, labels },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  };
}
