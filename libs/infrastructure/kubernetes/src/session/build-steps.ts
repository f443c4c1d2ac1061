import type { ProgressStep } from '@nalabo/contracts';
import { isConditionTrue, type KubePod } from './kube-pod.js';
import type { SessionSight } from './session-sight.js';

/**
 * The steps to a ready session with their timings, from the cluster's own records, which count in whole seconds. A step
 * that is not over has no duration yet. Each is measured from its own pod: a namespace outlives the pods that are made
 * again in it, and does not tell when the first were made.
 */
export function buildSteps({ workbench, controlPlane }: Omit<SessionSight, 'namespace'>): readonly ProgressStep[] {
  const begun = workbench?.metadata.creationTimestamp;
  const step = (name: string, from: string | undefined, to: string | undefined): ProgressStep =>
    to === undefined || from === undefined
      ? { step: name, status: 'running', durationMs: null }
      : { step: name, status: 'done', durationMs: Math.max(0, Date.parse(to) - Date.parse(from)) };
  const virtual = controlPlane
    ? [step('virtual cluster', controlPlane.metadata.creationTimestamp, becameTrue(controlPlane, 'Ready'))]
    : [];
  return [
    ...virtual,
    step('workbench', begun, workbench && workbenchStarted(workbench)),
    step('ready', begun, workbench && becameTrue(workbench, 'Ready')),
  ];
}

function becameTrue(pod: KubePod, type: string): string | undefined {
  if (!isConditionTrue(pod, type)) return undefined;
  return pod.status?.conditions?.find((condition) => condition.type === type)?.lastTransitionTime;
}

function workbenchStarted(pod: KubePod): string | undefined {
  const started = pod.status?.containerStatuses?.map(({ state }) => state?.running?.startedAt) ?? [];
  return started.includes(undefined) ? undefined : started.toSorted().at(-1);
}
