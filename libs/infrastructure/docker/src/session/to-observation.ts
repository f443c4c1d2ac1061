import type { StorageReport } from '@nalabo/contracts';
import { formatBytes } from '@nalabo/kernel';
import { absent, sessionObjectName, type Observation, type OwnedObject } from '@nalabo/infrastructure-port';
import type { EngineContainer, EngineVolume } from '../engine/engine-objects.js';
import { toEndpoints, toServiceState } from '../services/service-state.js';
import { identityOf, storageLabel } from './docker-labels.js';
import { flatten, type EngineObjects, type LabelledObject } from './session-objects.js';

type Present = Extract<Observation, { presence: 'present' }>;

/** How one session's objects read. All of them must carry its labels. */
export function toObservation(objects: EngineObjects): Observation {
  const all = flatten(objects);
  const [first] = all;
  if (!first) return absent;
  const name = sessionObjectName(identityOf(first.labels).sessionId);
  const workbench = objects.containers.find((container) => container.name === name);
  const workspace = objects.volumes.find((volume) => volume.name === `${name}-workspace`);
  return {
    presence: 'present',
    ...readinessOf(workbench, objects.networks.some((network) => network.name === name) && workspace !== undefined),
    generation: identityOf((workbench ?? first).labels).generation,
    objects: all.map(({ kind, name }) => ({ kind, name })),
    storage: workspace ? storageOf(workspace) : null,
    endpoints: objects.containers.flatMap(toEndpoints),
    services: objects.containers.flatMap((container) => toServiceState(container) ?? []),
    steps: [],
  };
}

export function toOwnedObject({ kind, name, labels }: LabelledObject): OwnedObject {
  return {
    kind,
    name,
    ...identityOf(labels),
  };
}

function readinessOf(
  workbench: EngineContainer | undefined,
  hasSurroundings: boolean,
): Pick<Present, 'readiness' | 'reason'> {
  if (!workbench) return { readiness: 'pending', reason: 'the workbench has not been made yet' };
  if (workbench.state === 'created') return { readiness: 'pending', reason: 'the workbench has not been started yet' };
  if (workbench.state !== 'running')
    return { readiness: 'stopped', reason: `the workbench has ended: ${workbench.status}` };
  if (!hasSurroundings) return { readiness: 'pending', reason: 'the network or the workspace is missing' };
  return { readiness: 'ready', reason: null };
}

function storageOf({ labels, options }: EngineVolume): StorageReport {
  const enforced = options['size'] !== undefined;
  return {
    requested: formatBytes(Number(labels[storageLabel] ?? 0)),
    enforced,
    reason: enforced ? null : 'the engine cannot hold volumes to a size',
  };
}
