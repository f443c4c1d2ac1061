import type { KubeObject } from '../cluster/kube-object.js';
import type { KubeCondition, KubeNamespace } from './kube-pod.js';

/** What the namespace controller says of a deletion that does not end, most telling first. */
const tellingConditions = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceFinalizersRemaining',
  'NamespaceContentRemaining',
];

/**
 * Why a namespace is not gone yet, for people: the object, the finalizer or the API service that holds it.
 * @param held Objects in it that carry finalizers.
 * @param deadServices API services that do not answer: any of them holds up the deletion of every namespace.
 */
export function whyNamespaceHangs(
  namespace: KubeNamespace,
  held: readonly KubeObject[],
  deadServices: readonly string[],
): string {
  const conditions = namespace.status?.conditions ?? [];
  const said = tellingConditions
    .map((type) => conditions.find((condition) => condition.type === type && condition.status === 'True'))
    .filter((condition): condition is KubeCondition => condition !== undefined)
    .map(({ message }) => message ?? '');
  const finalizers = held.map(
    ({ kind, metadata }) =>
      `${kind.toLowerCase()} ${metadata.name} waits for ${(metadata.finalizers ?? []).join(', ')}`,
  );
  const services = deadServices.map((name) => `the API service ${name} does not answer`);
  const reasons = [...services, ...finalizers, ...said].filter((reason) => reason !== '');
  return reasons.length === 0 ? 'its content is still being removed' : reasons.join('; ');
}
