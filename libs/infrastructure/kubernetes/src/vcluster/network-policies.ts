import type { KubeObject } from '../cluster/kube-object.js';
import { partLabel, syncedLabel, workbenchName } from '../session/session-names.js';
import { controlPlanePart, controlPlanePort, releaseName } from './virtual-cluster-names.js';

/** One way to reach the API of the host. */
export interface HostApiAddress {
  readonly address: string;
  readonly port: number;
}

export interface VirtualClusterNetwork {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What the control plane may reach outside the session, and all that it may. */
  readonly hostApi: readonly HostApiAddress[];
  /** Holds the services that work with the virtual API on behalf of learners. */
  readonly platformNamespace: string;
  /** Whether learners reach the virtual API from outside, through an address of the operator. */
  readonly isExposed: boolean;
}

/** A pod of ours. Every pod that a learner makes carries the label of the virtual cluster, whatever else it pretends. */
const ours = (part: string) => ({
  podSelector: {
    matchLabels: { [partLabel]: part },
    matchExpressions: [{ key: syncedLabel, operator: 'DoesNotExist' }],
  },
});
const workbench = ours(workbenchName);
const controlPlane = ours(controlPlanePart);
/** The learner's pods, the virtual DNS among them. */
const workloads = { podSelector: { matchLabels: { [syncedLabel]: releaseName } } };
const virtualApi = [{ protocol: 'TCP', port: controlPlanePort }];

/**
 * What the pods of a session with a virtual cluster may reach, on top of a policy that denies everything. No names are
 * resolved outside the session: what cannot be asked cannot carry anything out.
 */
export function virtualClusterPolicies(network: VirtualClusterNetwork): readonly KubeObject[] {
  return [
    policy(network, workbenchName, {
      ...workbench,
      ingress: [],
      egress: [{ to: [controlPlane], ports: virtualApi }, { to: [workloads] }],
    }),
    policy(network, controlPlanePart, {
      ...controlPlane,
      ingress: [{ ports: virtualApi, ...(network.isExposed ? {} : { from: callersOf(network) }) }],
      // The API calls what a learner registers with it: webhooks, aggregated APIs, proxied services. Hence no network
      // beyond the session but the addresses of the host's API, which asks for credentials.
      egress: [{ to: [workloads] }, ...network.hostApi.map(toHostApi)],
    }),
    policy(network, 'workloads', {
      ...workloads,
      ingress: [{ from: [workloads, workbench, controlPlane] }],
      egress: [{ to: [workloads] }, { to: [controlPlane], ports: virtualApi }],
    }),
  ];
}

function callersOf({ platformNamespace }: VirtualClusterNetwork) {
  const platform = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': platformNamespace } } };
  return [workbench, workloads, platform];
}

function toHostApi({ address, port }: HostApiAddress) {
  const cidr = `${address}/${address.includes(':') ? 128 : 32}`;
  return { to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port }] };
}

function policy({ namespace, labels }: VirtualClusterNetwork, name: string, rules: object): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, labels },
    spec: { policyTypes: ['Ingress', 'Egress'], ...rules },
  };
}
