import type { Observation, OwnedObject } from '@nalabo/infrastructure-port';
import { absent } from '@nalabo/infrastructure-port';
import type { StorageReport } from '@nalabo/contracts';
import { formatBytes } from '@nalabo/kernel';
import type { KubeObject } from '../cluster/kube-object.js';
import { controlPlanePart } from '../vcluster/virtual-cluster-names.js';
import { buildSteps } from './build-steps.js';
import { identityOf, nameInside, partLabel, storageAnnotation, workbenchName } from './session-names.js';
import type { KubeNamespace, KubePod } from './kube-pod.js';
import { sessionState } from './session-state.js';

/** What a cluster shows of one session that is ours. */
export interface SessionSight {
  readonly namespace: KubeNamespace;
  readonly workbench: KubePod | undefined;
  readonly controlPlane: KubePod | undefined;
}

/** Which of the session's own pods is what. */
export function partsOf(pods: readonly KubePod[]): Pick<SessionSight, 'workbench' | 'controlPlane'> {
  const part = (name: string) => pods.filter((pod) => pod.metadata.labels?.[partLabel] === name);
  return {
    workbench: part(workbenchName).find(({ metadata }) => metadata.name === workbenchName),
    controlPlane: part(controlPlanePart).find(isAlive),
  };
}

/** A pod that was evicted stays beside the one that has taken its place. */
function isAlive({ metadata, status }: KubePod): boolean {
  const isOver = status?.phase === 'Failed' || status?.phase === 'Succeeded';
  return metadata.deletionTimestamp === undefined && !isOver;
}

/** How one session reads. Everything in it ends with its namespace; named are the namespace and the workbench. */
export function toObservation(sight: SessionSight): Observation {
  const { namespace } = sight;
  return {
    presence: 'present',
    ...sessionState(sight),
    generation: identityOf(namespace.metadata.labels).generation,
    objects: ownedObjects(sight).map(({ kind, name }) => ({ kind, name })),
    storage: storageOf(namespace),
    endpoints: [],
    services: [],
    steps: buildSteps(sight),
  };
}

/** How a session reads whose namespace is gone: it has not ended before its volumes have. */
export function withoutNamespace(volumes: readonly KubeObject[]): Observation {
  const [first] = volumes;
  if (!first) return absent;
  return {
    presence: 'present',
    readiness: 'stopped',
    reason: `not removed yet: ${volumes.map(({ metadata }) => `volume ${metadata.name}`).join(', ')}`,
    generation: identityOf(first.metadata.labels).generation,
    objects: volumes.map(toOwnedObject).map(({ kind, name }) => ({ kind, name })),
    storage: null,
    endpoints: [],
    services: [],
    steps: [],
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
