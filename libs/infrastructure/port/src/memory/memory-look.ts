import { absent, type Observation, type OwnedObject } from '../observation.js';
import { isOwned, managedBy } from '../ownership.js';
import type { SessionRef } from '../reference.js';
import type { ProgressStep, StorageReport } from '@nalabo/contracts';
import type { MemoryBackend } from './memory-backend.js';
import { labelPrefix, serviceOf, type MemoryObject } from './memory-object.js';
import type { MemoryWorkbench } from './memory-workbench.js';

/** The objects of one session that exist and are proven to be this installation's. */
export function ownedObjectsOf(backend: MemoryBackend, instance: string, ref: SessionRef): readonly MemoryObject[] {
  const expected = { instance, sessionId: ref.sessionId };
  return backend.allObjects().filter(({ labels }) => isOwned(labels, labelPrefix, expected));
}

/** One look at a session. */
export function look(backend: MemoryBackend, instance: string, ref: SessionRef): Observation {
  const objects = ownedObjectsOf(backend, instance, ref);
  const [first] = objects;
  if (!first) return absent;
  const workbench = backend.workbench(ref.sessionId);
  return {
    presence: 'present',
    ...readinessOf(workbench),
    generation: Number(first.labels[`${labelPrefix}generation`]),
    objects: objects.map(({ kind, name }) => ({ kind, name })),
    storage: workbench ? storageOf(workbench) : null,
    endpoints: [],
    services: objects.flatMap((object) => {
      const name = serviceOf(object);
      return name === undefined ? [] : [{ name, state: 'running', health: null, exitCode: null }];
    }),
    steps: [],
  };
}

/** How an object with our instance label reads in a list, or undefined when it is not ours. */
export function toOwnedObject(instance: string, { kind, name, labels }: MemoryObject): OwnedObject | undefined {
  if (labels[`${labelPrefix}managed-by`] !== managedBy || labels[`${labelPrefix}instance`] !== instance)
    return undefined;
  const endsBy = Number(labels[`${labelPrefix}ends-by`]);
  return {
    kind,
    name,
    sessionId: labels[`${labelPrefix}session`] ?? '',
    generation: Number(labels[`${labelPrefix}generation`]),
    endsByEpochSeconds: Number.isInteger(endsBy) ? endsBy : null,
  };
}

export function withSteps(observation: Observation, steps: readonly ProgressStep[]): Observation {
  return observation.presence === 'absent' ? observation : { ...observation, steps };
}

type Readiness = Pick<Extract<Observation, { presence: 'present' }>, 'readiness' | 'reason'>;

function readinessOf(workbench: MemoryWorkbench | undefined): Readiness {
  if (workbench?.state === 'ended') return { readiness: 'stopped', reason: workbench.endReason };
  if (workbench?.state !== 'running') return { readiness: 'pending', reason: 'the workbench has not been started yet' };
  const readiness = workbench.look();
  return { readiness, reason: readiness === 'ready' ? null : 'the workbench has started and does not answer yet' };
}

function storageOf({ spec }: MemoryWorkbench): StorageReport {
  return {
    requested: String(spec.limits.storageBytes),
    enforced: false,
    reason: 'a memory session keeps its files in an ordinary directory',
  };
}
