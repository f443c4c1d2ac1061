import type { Isolation, Limits } from '@nalabo/contracts';
import type { SessionSpec } from '@nalabo/infrastructure-port';
import type { KubeMetadata, KubeObject } from '../cluster/kube-object.js';
import { accountName, sessionRoleName, type AccountNames } from './account-names.js';
import { hostedPolicies } from './hosted-policies.js';
import { learnerAccess } from './learner-access.js';
import {
  initialAnnotation,
  namespaceOf,
  sessionLabels,
  storageAnnotation,
  type InitialState,
} from './session-names.js';
import { containerDefaults, namespaceShares, podsQuotaOf, quotaOf, type Share } from './session-resources.js';

const podSecurityVersion = 'v1.30';
const rbac = 'rbac.authorization.k8s.io';

export interface NamespaceSurroundings extends AccountNames {
  readonly instance: string;
  readonly isolation: Isolation;
}

export function namespaceObject(
  spec: SessionSpec,
  { instance, isolation }: Pick<NamespaceSurroundings, 'instance' | 'isolation'>,
): KubeObject {
  // What learners deploy are the images of this world, most of which start as root, which `restricted` refuses.
  const level = isolation === 'namespace' ? 'restricted' : 'baseline';
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespaceOf(spec.sessionId),
      labels: {
        ...sessionLabels(instance, spec, isolation),
        'pod-security.kubernetes.io/enforce': level,
        'pod-security.kubernetes.io/enforce-version': podSecurityVersion,
        'pod-security.kubernetes.io/warn': 'restricted',
        'pod-security.kubernetes.io/warn-version': podSecurityVersion,
      },
      annotations: { [storageAnnotation]: String(spec.limits.storageBytes), ...initialState(spec) },
    },
  };
}

/** From the beginning, so that no session is told ready without what its workshop brings. */
function initialState({ initial }: SessionSpec): Readonly<Record<string, InitialState>> {
  return initial === null ? {} : { [initialAnnotation]: 'pending' };
}

/** What a session may use. */
export interface Allowance {
  /** What its own parts need besides the learner's limits. */
  readonly overhead: Share;
  /** How many pods the learner may have. */
  readonly pods: number;
  /** What of the learner's limits is for these. */
  readonly podLimits: Limits;
}

/** What holds a session in its place, whatever runs in it: made before the first pod. */
export function boundaryObjects(
  spec: SessionSpec,
  surroundings: NamespaceSurroundings,
  { overhead, pods, podLimits }: Allowance,
): readonly KubeObject[] {
  const metadata = metadataIn(spec, surroundings);
  return [
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: metadata('session'),
      spec: { hard: quotaOf(spec.limits, overhead, pods) },
    },
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: metadata('session'),
      spec: { limits: [containerDefaults(podLimits)] },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadata('deny-all'),
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [], egress: [] },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata('workbench'), automountServiceAccountToken: false },
  ];
}

/** What makes a namespace a place for the objects of a learner who has no cluster of his own. */
export function hostedObjects(spec: SessionSpec, surroundings: NamespaceSurroundings): readonly KubeObject[] {
  const metadata = metadataIn(spec, surroundings);
  const { pods } = namespaceShares(spec.limits);
  // All but the workbench, which alone has a time at which its node ends it: so its share is free when it is made anew.
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: metadata('pods'),
    spec: { hard: podsQuotaOf(pods), scopes: ['NotTerminating'] },
  };
  return [quota, ...hostedPolicies(metadata), ...learnerAccess(metadata)];
}

/** Lets the services that work in a session in, by roles that they hold nowhere else. */
export function accessObjects(spec: SessionSpec, surroundings: NamespaceSurroundings): readonly KubeObject[] {
  return ['provisioner', 'executor'].map((service) => ({
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: {
      name: accountName(surroundings, service),
      namespace: namespaceOf(spec.sessionId),
      labels: sessionLabels(surroundings.instance, spec, surroundings.isolation),
    },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: sessionRoleName(surroundings, service) },
    subjects: [
      {
        kind: 'ServiceAccount',
        name: accountName(surroundings, service),
        namespace: surroundings.platformNamespace,
      },
    ],
  }));
}

function metadataIn(
  spec: SessionSpec,
  { instance, isolation }: Pick<NamespaceSurroundings, 'instance' | 'isolation'>,
): (name: string) => KubeMetadata {
  const namespace = namespaceOf(spec.sessionId);
  const labels = sessionLabels(instance, spec, isolation);
  return (name) => ({ name, namespace, labels });
}
