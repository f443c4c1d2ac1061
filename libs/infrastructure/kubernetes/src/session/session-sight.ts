import type { Observation, OwnedObject } from '@nalabo/infrastructure-port';
import { absent } from '@nalabo/infrastructure-port';
import type { StorageReport } from '@nalabo/contracts';
import { formatBytes } from '@nalabo/kernel';
import type { KubeObject } from '../cluster/kube-object.js';
import { controlPlanePart } from '../vcluster/virtual-cluster-names.js';
import { buildSteps } from './build-steps.js';
import { identityOf, nameInside, partLabel, storageAnnotation, workbenchName } from './session-names.js';
import type { KubeNamespace, KubePod } from './kube-pod.js';
import { workbenchState } from './workbench-state.js';

/** What a cluster shows of one session that is ours. */
export interface SessionSight {
  readonly namespace: KubeNamespace;
  readonly workbench: KubePod | undefined;
  readonly controlPlane: KubePod | undefined;
}

/** Which of the session's own pods is what. */
export function partsOf(pods: readonly KubePod[]): Pick<SessionSight, 'workbench' | 'controlPlane'> {
  const part = (name: string) => pods.find((pod) => pod.metadata.labels?.[partLabel] === name);
  return { workbench: part(workbenchName), controlPlane: part(controlPlanePart) };
}

/** How one session reads. Everything in it ends with its namespace; named are the namespace and the workbench. */
export function toObservation(sight: SessionSight | undefined): Observation {
  if (!sight) return absent;
  const { namespace, workbench } = sight;
  const isEnding = namespace.metadata.deletionTimestamp !== undefined;
  const state = isEnding
    ? ({ readiness: 'stopped', reason: 'the session is being removed' } as const)
    : workbenchState(workbench);
  return {
    presence: 'present',
    ...state,
    generation: identityOf(namespace.metadata.labels).generation,
    objects: ownedObjects(sight).map(({ kind, name }) => ({ kind, name })),
    storage: storageOf(namespace),
    endpoints: [],
    steps: buildSteps(sight),
  };
}

function ownedObjects({ namespace, workbench }: SessionSight): readonly OwnedObject[] {
  return [toOwnedObject(namespace), ...(workbench ? [toOwnedObject(workbench)] : [])];
}

export function toOwnedObject({ kind, metadata }: KubeObject): OwnedObject {
  const { name, namespace, labels } = metadata;
  return {
    kind: kind.toLowerCase(),
    name: namespace === undefined ? name : nameInside(namespace, name),
    ...identityOf(labels),
  };
}

/** Nodes watch how full the workspace is and end a workbench whose learner has filled more than his share. */
function storageOf({ metadata }: KubeNamespace): StorageReport {
  const bytes = Number(metadata.annotations?.[storageAnnotation] ?? 0);
  return { requested: formatBytes(bytes), enforced: true, reason: null };
}
