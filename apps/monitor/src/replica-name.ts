/** Injects the name of this process among the replicas of the service. */
export const replicaName = Symbol('replica name');
