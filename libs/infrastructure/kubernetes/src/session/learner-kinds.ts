import type { KubeResource } from '../cluster/kube-resource.js';

/** A kind that a learner may make in the namespace of a session. */
export interface LearnerKind extends KubeResource {
  /** Whether it stands for its objects in lists: a second version of a kind shows the same ones. */
  readonly isPrunable: boolean;
}

const kind = (apiVersion: string, name: string, plural: string, isPrunable = true): LearnerKind => ({
  apiVersion,
  kind: name,
  plural,
  isNamespaced: true,
  isPrunable,
});

/**
 * Everything that comes from a learner's file into the namespace of a session, which is less than what the policy of
 * manifests can judge: as long as no address leads to sessions from outside there is no Ingress.
 */
export const learnerKinds: readonly LearnerKind[] = [
  kind('v1', 'Pod', 'pods'),
  kind('v1', 'Service', 'services'),
  kind('v1', 'ConfigMap', 'configmaps'),
  kind('v1', 'Secret', 'secrets'),
  kind('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  kind('apps/v1', 'Deployment', 'deployments'),
  kind('apps/v1', 'StatefulSet', 'statefulsets'),
  kind('apps/v1', 'ReplicaSet', 'replicasets'),
  kind('batch/v1', 'Job', 'jobs'),
  kind('batch/v1', 'CronJob', 'cronjobs'),
  kind('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  kind('autoscaling/v1', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', false),
];
