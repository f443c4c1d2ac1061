import { restartsAnnotation, workbenchName } from './session-names.js';
import { isConditionTrue, type ContainerStatus, type KubePod } from './kube-pod.js';

export interface WorkbenchState {
  /** `pending`: still starting; `ready`: the learner can work; `stopped`: it has ended and needs to be brought back. */
  readonly readiness: 'pending' | 'ready' | 'stopped';
  /** Why it is not ready, for people. */
  readonly reason: string | null;
}

const stopped = (reason: string): WorkbenchState => ({ readiness: 'stopped', reason });
const pending = (reason: string): WorkbenchState => ({ readiness: 'pending', reason });

/** How a workbench reads. A restart by its node counts as an end until the platform has taken note of it. */
export function workbenchState(pod: KubePod | undefined): WorkbenchState {
  if (!pod) return stopped('the workbench is missing');
  const end = endOfPod(pod);
  if (end) return stopped(end);
  const container = pod.status?.containerStatuses?.find(({ name }) => name === workbenchName);
  return container
    ? containerState(pod, container)
    : pending(notScheduled(pod) ?? 'the workbench is waiting for its node');
}

function endOfPod({ metadata, status }: KubePod): string | undefined {
  if (metadata.deletionTimestamp !== undefined) return 'the workbench is being removed';
  const { phase, reason = phase } = status ?? {};
  return phase === 'Failed' || phase === 'Succeeded' ? `the workbench has ended: ${reason}` : undefined;
}

function containerState(pod: KubePod, container: ContainerStatus): WorkbenchState {
  const { running, terminated, waiting } = container.state ?? {};
  if (terminated?.exitCode === 0) return stopped('the workbench has ended: its time is over');
  if (terminated || unnotedRestarts(pod, container) > 0) return stopped(`the workbench has ended: ${endOf(container)}`);
  if (!running) return pending(`the workbench is starting: ${waiting?.reason ?? 'waiting'}`);
  return isConditionTrue(pod, 'Ready') ? { readiness: 'ready', reason: null } : pending(waitingFor(pod));
}

/** The restarts that have happened, to be written on the pod once they have been taken note of. */
export function restartsOf(pod: KubePod): number {
  return pod.status?.containerStatuses?.find(({ name }) => name === workbenchName)?.restartCount ?? 0;
}

function unnotedRestarts(pod: KubePod, container: ContainerStatus): number {
  return container.restartCount - Number(pod.metadata.annotations?.[restartsAnnotation] ?? 0);
}

function endOf({ state, lastState }: ContainerStatus): string {
  const end = state?.terminated ?? lastState?.terminated;
  return end ? `${end.reason ?? 'Error'} (exit ${end.exitCode})` : 'it was started again by its node';
}

function waitingFor(pod: KubePod): string {
  const checker = pod.status?.containerStatuses?.find(({ name }) => name !== workbenchName);
  return checker?.state?.running ? 'the virtual cluster does not answer yet' : 'the workbench is starting';
}

function notScheduled(pod: KubePod): string | undefined {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return scheduled?.status === 'False'
    ? `no node has room for the workbench (${scheduled.reason ?? 'unknown'})`
    : undefined;
}
