import type { KubeObject } from '../cluster/kube-object.js';
import { configurationSecret } from './virtual-cluster-names.js';

/**
 * What a virtual cluster is made of, in two parts: the second comes when the first is there. It contains the pod, and the
 * binding, which an account with few rights can only make of a role that exists.
 */
export interface VirtualClusterParts {
  readonly first: readonly KubeObject[];
  readonly second: readonly KubeObject[];
}

const secondKinds = ['RoleBinding', 'Deployment'];

/**
 * A Deployment that is there is left alone with its configuration: whatever differs, because the host or the platform has
 * been upgraded meanwhile, would replace the pod, and what the learner has made in his cluster ends with that.
 */
export function partsToApply(objects: readonly KubeObject[], existing: KubeObject | undefined): VirtualClusterParts {
  const wanted = existing ? objects.filter((object) => !belongsToPod(object)) : objects;
  return {
    first: wanted.filter(({ kind }) => !secondKinds.includes(kind)),
    second: wanted.filter(({ kind }) => secondKinds.includes(kind)),
  };
}

function belongsToPod({ kind, metadata }: KubeObject): boolean {
  return kind === 'Deployment' || (kind === 'Secret' && metadata.name === configurationSecret);
}
