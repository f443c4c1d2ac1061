import { systemClock } from '@nalabo/kernel';
import { controlPlaneAnnotation, initialAnnotation, isolationOf, restartsAnnotation } from './session-names.js';
import type { KubePod } from './kube-pod.js';
import type { SessionSight } from './session-sight.js';
import { restartsOf, workbenchState, type WorkbenchState } from './workbench-state.js';

const silenceMs = 60_000;

/**
 * How a session reads. What a virtual cluster holds ends with the pod of its control plane, so another pod than the one
 * that was noted counts as an end until the platform has taken note of it.
 */
export function sessionState(sight: SessionSight, now = systemClock.now()): WorkbenchState {
  const state = builtState(sight, now);
  return state.readiness === 'ready' && lacksInitial(sight)
    ? { readiness: 'pending', reason: 'what the workshop brings is not there yet' }
    : state;
}

/** Whether everything runs, and what the workshop brings is still to be applied. */
export function awaitsInitial(sight: SessionSight, now = systemClock.now()): boolean {
  return lacksInitial(sight) && builtState(sight, now).readiness === 'ready';
}

function lacksInitial({ namespace }: SessionSight): boolean {
  return namespace.metadata.annotations?.[initialAnnotation] === 'pending';
}

function builtState(sight: SessionSight, now: Date): WorkbenchState {
  if (sight.namespace.metadata.deletionTimestamp !== undefined) {
    return { readiness: 'stopped', reason: 'the session is being removed' };
  }
  const state = workbenchState(sight.workbench);
  return state.readiness === 'stopped' || !isVirtual(sight) ? state : (controlPlaneState(sight, now) ?? state);
}

/** Whether the control plane is missing that the session should have. */
export function lacksControlPlane(sight: SessionSight): boolean {
  return isVirtual(sight) && !sight.controlPlane;
}

/** What has happened and is not yet written on the workbench, as annotations of it; undefined when there is nothing. */
export function unnoted(sight: SessionSight): Readonly<Record<string, string>> | undefined {
  const { workbench, controlPlane } = sight;
  if (!workbench) return undefined;
  const noted = workbench.metadata.annotations ?? {};
  const uid = isVirtual(sight) ? controlPlane?.metadata.uid : undefined;
  const happened = {
    [restartsAnnotation]: String(restartsOf(workbench)),
    ...(uid && { [controlPlaneAnnotation]: uid }),
  };
  const notes = Object.entries(happened).filter(([name, value]) => value !== (noted[name] ?? unwritten[name]));
  return notes.length > 0 ? Object.fromEntries(notes) : undefined;
}

/** No restarts are noted by saying nothing. */
const unwritten: Readonly<Record<string, string>> = { [restartsAnnotation]: '0' };

function isVirtual({ namespace }: SessionSight): boolean {
  return isolationOf(namespace.metadata.labels) === 'vcluster';
}

/** Undefined when it is the one that was noted, and well. */
function controlPlaneState({ workbench, controlPlane }: SessionSight, now: Date): WorkbenchState | undefined {
  const noted = workbench?.metadata.annotations?.[controlPlaneAnnotation];
  if (noted !== undefined && controlPlane?.metadata.uid !== noted) {
    const end = 'the virtual cluster was lost';
    return { readiness: 'stopped', reason: controlPlane ? `${end} and has been started anew` : end };
  }
  // One that is not noted yet could be lost without anybody being told.
  if (noted === undefined) return { readiness: 'pending', reason: 'the virtual cluster is starting' };
  return isSilent(controlPlane, now)
    ? { readiness: 'pending', reason: 'the virtual cluster does not answer' }
    : undefined;
}

/** A node with much to do finds a control plane unready now and then; nobody restarts anything over that. */
function isSilent(controlPlane: KubePod | undefined, now: Date): boolean {
  const ready = controlPlane?.status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'False') return false;
  return now.getTime() - Date.parse(ready.lastTransitionTime ?? '') > silenceMs;
}
