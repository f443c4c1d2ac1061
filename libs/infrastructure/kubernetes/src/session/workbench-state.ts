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
  if (pod.metadata.deletionTimestamp !== undefined) return stopped('the workbench is being removed');
  const { phase, reason } = pod.status ?? {};
  if (phase === 'Failed' || phase === 'Succeeded') return stopped(`the workbench has ended: ${reason ?? phase}`);
  const container = pod.status?.containerStatuses?.find(({ name }) => name === workbenchName);
  if (!container) return pending(notScheduled(pod) ?? 'the workbench is waiting for its node');
  const ended = container.state?.terminated;
  if (ended?.exitCode === 0) return stopped('the workbench has ended: its time is over');
  if (unnotedRestarts(pod, container) > 0 || ended) return stopped(`the workbench has ended: ${endOf(container)}`);
  if (!container.state?.running)
    return pending(`the workbench is starting: ${container.state?.waiting?.reason ?? 'waiting'}`);
  if (!isConditionTrue(pod, 'Ready')) return pending(waitingFor(pod));
  return { readiness: 'ready', reason: null };
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
