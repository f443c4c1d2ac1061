import type { KubeObject } from '../cluster/kube-object.js';
import type { KubeNamespace } from './kube-pod.js';

/** What the namespace controller says of a deletion that does not end, most telling first. */
const apiConditions = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
];
const contentConditions = ['NamespaceFinalizersRemaining', 'NamespaceContentRemaining'];

/** Why a namespace is not gone yet. */
export interface Hindrance {
  /** For operators: the object, the finalizer or the API service that holds it. */
  readonly message: string;
  /** For everybody: what the host's API consists of is left out. */
  readonly publicMessage: string;
}

/**
 * @param held Objects in it that carry finalizers.
 * @param deadServices API services that do not answer: any of them holds up the deletion of every namespace.
 */
export function whyNamespaceHangs(
  namespace: KubeNamespace,
  held: readonly KubeObject[],
  deadServices: readonly string[],
): Hindrance {
  const finalizers = held.map(
    ({ kind, metadata }) =>
      `${kind.toLowerCase()} ${metadata.name} waits for ${(metadata.finalizers ?? []).join(', ')}`,
  );
  const services = deadServices.map((name) => `the API service ${name} does not answer`);
  const api = said(namespace, apiConditions);
  const content = said(namespace, contentConditions);
  const isApiAtFault = services.length > 0 || api.length > 0;
  const shown = isApiAtFault ? ["a service of the cluster's API does not answer"] : [];
  return {
    message: joined([...services, ...finalizers, ...api, ...content]),
    publicMessage: joined([...shown, ...finalizers, ...content]),
  };
}

function said({ status }: KubeNamespace, types: readonly string[]): readonly string[] {
  return types
    .map((type) => status?.conditions?.find((condition) => condition.type === type && condition.status === 'True'))
    .map((condition) => condition?.message ?? '')
    .filter((message) => message !== '');
}

function joined(reasons: readonly string[]): string {
  return reasons.length === 0 ? 'its content is still being removed' : reasons.join('; ');
}
