/** Injects the name of this process among the replicas of cleanup. */
export const replicaName = Symbol('replicaName');
