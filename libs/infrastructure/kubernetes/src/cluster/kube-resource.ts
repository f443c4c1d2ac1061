import type { KubeObject } from './kube-object.js';

/** Where the objects of one kind live in the API. */
export interface KubeResource {
  /** For example `v1` or `apps/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** The last part of the path, for example `pods`. */
  readonly plural: string;
  readonly isNamespaced: boolean;
}

const namespaced = (apiVersion: string, kind: string, plural: string): KubeResource => ({
  apiVersion,
  kind,
  plural,
  isNamespaced: true,
});
const clusterScoped = (apiVersion: string, kind: string, plural: string): KubeResource => ({
  apiVersion,
  kind,
  plural,
  isNamespaced: false,
});

const rbac = 'rbac.authorization.k8s.io/v1';

/** Every kind that the provider itself makes, reads or removes. */
export const resources = {
  namespace: clusterScoped('v1', 'Namespace', 'namespaces'),
  persistentVolume: clusterScoped('v1', 'PersistentVolume', 'persistentvolumes'),
  clusterRole: clusterScoped(rbac, 'ClusterRole', 'clusterroles'),
  clusterRoleBinding: clusterScoped(rbac, 'ClusterRoleBinding', 'clusterrolebindings'),
  storageClass: clusterScoped('storage.k8s.io/v1', 'StorageClass', 'storageclasses'),
  apiService: clusterScoped('apiregistration.k8s.io/v1', 'APIService', 'apiservices'),
  accessReview: clusterScoped('authorization.k8s.io/v1', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews'),
  localAccessReview: namespaced('authorization.k8s.io/v1', 'LocalSubjectAccessReview', 'localsubjectaccessreviews'),
  pod: namespaced('v1', 'Pod', 'pods'),
  service: namespaced('v1', 'Service', 'services'),
  secret: namespaced('v1', 'Secret', 'secrets'),
  configMap: namespaced('v1', 'ConfigMap', 'configmaps'),
  serviceAccount: namespaced('v1', 'ServiceAccount', 'serviceaccounts'),
  resourceQuota: namespaced('v1', 'ResourceQuota', 'resourcequotas'),
  limitRange: namespaced('v1', 'LimitRange', 'limitranges'),
  persistentVolumeClaim: namespaced('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  deployment: namespaced('apps/v1', 'Deployment', 'deployments'),
  statefulSet: namespaced('apps/v1', 'StatefulSet', 'statefulsets'),
  networkPolicy: namespaced('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  role: namespaced(rbac, 'Role', 'roles'),
  roleBinding: namespaced(rbac, 'RoleBinding', 'rolebindings'),
  podMetrics: namespaced('metrics.k8s.io/v1beta1', 'PodMetrics', 'pods'),
} as const;

/** @throws RangeError for a kind that the provider never makes. */
export function resourceOf({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): KubeResource {
  const found = Object.values(resources).find(
    (resource) => resource.apiVersion === apiVersion && resource.kind === kind,
  );
  if (!found) throw new RangeError(`${apiVersion} ${kind} is not among the resources of a session`);
  return found;
}

/** The path of a collection, or with a name of one object; every part is encoded. */
export function pathOf(
  resource: KubeResource,
  at: { readonly namespace?: string; readonly name?: string } = {},
): string {
  const root = resource.apiVersion.includes('/') ? '/apis' : '/api';
  const scope = resource.isNamespaced && at.namespace !== undefined ? ['namespaces', at.namespace] : [];
  const name = at.name === undefined ? [] : [at.name];
  const tail = [...scope, resource.plural, ...name].map((part) => encodeURIComponent(part));
  return [root, resource.apiVersion, ...tail].join('/');
}
