import { controlPlaneAnnotation, isolationOf, restartsAnnotation } from './session-names.js';
import { isConditionTrue } from './kube-pod.js';
import type { SessionSight } from './session-sight.js';
import { restartsOf, workbenchState, type WorkbenchState } from './workbench-state.js';

/**
 * How a session reads. What a virtual cluster holds ends with the pod of its control plane, so another pod than the one
 * that was noted counts as an end until the platform has taken note of it.
 */
export function sessionState(sight: SessionSight): WorkbenchState {
  if (sight.namespace.metadata.deletionTimestamp !== undefined) {
    return { readiness: 'stopped', reason: 'the session is being removed' };
  }
  const state = workbenchState(sight.workbench);
  return state.readiness === 'stopped' || !isVirtual(sight) ? state : (controlPlaneState(sight) ?? state);
}

/** Whether the control plane is missing that the session should have. */
export function lacksControlPlane(sight: SessionSight): boolean {
  return isVirtual(sight) && !sight.controlPlane;
}

/** What has happened and is not yet written on the workbench, as annotations of it; undefined when there is nothing. */
export function unnoted({ workbench, ...sight }: SessionSight): Readonly<Record<string, string>> | undefined {
  const noted = workbench?.metadata.annotations;
  const restarts = workbench ? restartsOf(workbench) : 0;
  const uid = isVirtual({ workbench, ...sight }) ? sight.controlPlane?.metadata.uid : undefined;
  const notes = {
    ...(restarts !== Number(noted?.[restartsAnnotation] ?? 0) && { [restartsAnnotation]: String(restarts) }),
    ...(uid !== undefined && uid !== noted?.[controlPlaneAnnotation] && { [controlPlaneAnnotation]: uid }),
  };
  return workbench && Object.keys(notes).length > 0 ? notes : undefined;
}

function isVirtual({ namespace }: SessionSight): boolean {
  return isolationOf(namespace.metadata.labels) === 'vcluster';
}

/** Undefined when it is the one that was noted, and well. */
function controlPlaneState({ workbench, controlPlane }: SessionSight): WorkbenchState | undefined {
  const noted = workbench?.metadata.annotations?.[controlPlaneAnnotation];
  if (noted !== undefined && controlPlane?.metadata.uid !== noted) {
    const end = 'the virtual cluster was lost';
    return { readiness: 'stopped', reason: controlPlane ? `${end} and has been started anew` : end };
  }
  // One that is not noted yet could be lost without anybody being told.
  return noted !== undefined && controlPlane && isConditionTrue(controlPlane, 'Ready')
    ? undefined
    : { readiness: 'pending', reason: 'the virtual cluster is starting' };
}
