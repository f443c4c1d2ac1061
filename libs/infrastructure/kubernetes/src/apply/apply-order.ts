/** Which kinds come first: what others need to exist, and what limits others, before those. */
const ranks: readonly (readonly string[])[] = [
  ['Namespace', 'CustomResourceDefinition'],
  ['ResourceQuota', 'LimitRange', 'NetworkPolicy', 'PriorityClass', 'StorageClass', 'RuntimeClass'],
  ['ServiceAccount', 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'],
  ['Secret', 'ConfigMap', 'PersistentVolume', 'PersistentVolumeClaim'],
  ['Service'],
  ['Pod', 'ReplicationController', 'ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'],
];

/** Kinds that are not named here come last, custom ones among them. */
export function applyRank(kind: string): number {
  const rank = ranks.findIndex((kinds) => kinds.includes(kind));
  return rank === -1 ? ranks.length : rank;
}

/** In the order of making; objects of one rank stay as the file has them. */
export function inApplyOrder<T extends { readonly kind: string }>(objects: readonly T[]): readonly T[] {
  return objects.toSorted((one, other) => applyRank(one.kind) - applyRank(other.kind));
}
