import type { KubeObject } from '../cluster/kube-object.js';
import { partLabel, syncedLabel } from '../session/session-names.js';
import { controlPlanePart } from '../vcluster/virtual-cluster-names.js';
import type { CpuRate } from './cpu-counter.js';
import { quantity } from './quantity.js';

/** What the metrics API answers of one pod; it carries the labels of the pod. */
export interface PodMetrics extends KubeObject {
  /** A duration as Go writes it, for example `10.001s` or `1m0s`. */
  readonly window?: string;
  readonly containers?: readonly { readonly usage?: { readonly cpu?: string; readonly memory?: string } }[];
}

export interface NamespaceUsage extends CpuRate {
  readonly memoryBytes: number;
}

/** What the learners of all namespaces use, by namespace. */
export function usageByNamespace(pods: readonly PodMetrics[]): ReadonlyMap<string, NamespaceUsage> {
  const usages = new Map<string, NamespaceUsage>();
  for (const pod of pods) {
    const { namespace, labels } = pod.metadata;
    if (namespace === undefined || !isLearners(labels ?? {})) continue;
    usages.set(namespace, plus(usages.get(namespace), podUsage(pod)));
  }
  return usages;
}

/**
 * The workbench and every pod of the learner's, whether he has made it in the namespace or a virtual cluster has brought
 * it there for him, whatever else it is labelled. The virtual control plane is the platform's.
 */
function isLearners(labels: Readonly<Record<string, string>>): boolean {
  return labels[syncedLabel] !== undefined || labels[partLabel] !== controlPlanePart;
}

function podUsage({ window, containers = [] }: PodMetrics): NamespaceUsage {
  const sum = (resource: 'cpu' | 'memory'): number =>
    containers.reduce((total, { usage }) => total + quantity(usage?.[resource] ?? '0'), 0);
  return { cores: sum('cpu'), memoryBytes: sum('memory'), windowSeconds: secondsOf(window ?? '') };
}

function plus(left: NamespaceUsage | undefined, right: NamespaceUsage): NamespaceUsage {
  if (!left) return right;
  return {
    cores: left.cores + right.cores,
    memoryBytes: left.memoryBytes + right.memoryBytes,
    windowSeconds: Math.max(left.windowSeconds, right.windowSeconds),
  };
}

const secondsPerUnit: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** Zero for what is no duration. */
export function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  return parts.reduce((total, [, amount, unit]) => total + Number(amount) * (secondsPerUnit[unit ?? ''] ?? 0), 0);
}
