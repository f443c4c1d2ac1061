import type { Limits } from '@nalabo/contracts';
import { formatBytes } from '@nalabo/kernel';

/** What containers of a session may use, as Kubernetes counts it. */
export interface Share {
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  /** On the disk of a node: logs, writable layers and folders that end with their pod. */
  readonly ephemeralBytes: number;
  readonly pods: number;
}

const mebibyte = 2 ** 20;

/** Space for logs and small folders, beside what the learner may fill. */
export const scratchBytes = 256 * mebibyte;

/** The trusted checker beside the learner. */
export const checkerShare = {
  cpuMillicores: 100,
  memoryBytes: 128 * mebibyte,
  ephemeralBytes: scratchBytes,
} as const;

/** What a session in a namespace needs besides the learner's own share. A pod that is ending still counts. */
export const namespaceOverhead: Share = {
  ...checkerShare,
  ephemeralBytes: scratchBytes + checkerShare.ephemeralBytes,
  pods: 2,
};

type Amounts = Pick<Limits, 'cpuMillicores' | 'memoryBytes'>;

/** Its tools need as much. */
const leastWorkbenchMemoryBytes = 256 * mebibyte;

/**
 * In a namespace the learner's pods and the workbench share the session's resources: the workbench keeps half, as beside
 * the services of a Compose file. The size of a pod that runs cannot be changed on every cluster, so this is how it stays.
 */
export function namespaceShares(limits: Limits): { readonly workbench: Amounts; readonly pods: Limits } {
  const cpuMillicores = Math.ceil(limits.cpuMillicores / 2);
  const memoryBytes = Math.min(
    limits.memoryBytes,
    Math.max(leastWorkbenchMemoryBytes, Math.ceil(limits.memoryBytes / 2)),
  );
  return {
    workbench: { cpuMillicores, memoryBytes },
    pods: {
      ...limits,
      cpuMillicores: limits.cpuMillicores - cpuMillicores,
      memoryBytes: limits.memoryBytes - memoryBytes,
    },
  };
}

/** How many pods a learner may run at a time. */
export const learnersPods = 30;
/** Below this no ordinary program starts. */
const least = { cpuMillicores: 50, memoryBytes: 64 * mebibyte, ephemeralBytes: 32 * mebibyte } as const;

export function quotaOf(limits: Limits, overhead: Share, pods: number): Record<string, string> {
  const cpu = cpuOf(limits.cpuMillicores + overhead.cpuMillicores);
  const memory = formatBytes(limits.memoryBytes + overhead.memoryBytes);
  // The workspace may grow to the learner's storage, and where he has pods, what they write to their node as well.
  const written = limits.storageBytes * (pods > 0 ? 2 : 1);
  const ephemeral = formatBytes(written + overhead.ephemeralBytes);
  return {
    'limits.cpu': cpu,
    'limits.memory': memory,
    'requests.cpu': cpu,
    'requests.memory': memory,
    'limits.ephemeral-storage': ephemeral,
    'requests.ephemeral-storage': ephemeral,
    pods: String(pods + overhead.pods),
    'requests.storage': formatBytes(limits.storageBytes),
    persistentvolumeclaims: '8',
    services: '20',
    'services.nodeports': '0',
    'services.loadbalancers': '0',
    // Ended pods as well, each of which keeps a Secret: what has been made stays countable.
    'count/pods': '250',
    secrets: '300',
    configmaps: '300',
    'count/ingresses.networking.k8s.io': '0',
  };
}

/** What the learner's pods may use together, in a namespace that they share with the workbench. */
export function podsQuotaOf(limits: Amounts): Record<string, string> {
  const cpu = cpuOf(limits.cpuMillicores);
  const memory = formatBytes(limits.memoryBytes);
  return {
    'limits.cpu': cpu,
    'limits.memory': memory,
    'requests.cpu': cpu,
    'requests.memory': memory,
    pods: String(learnersPods),
  };
}

/** Memory is reserved as it is limited, so that nobody's share is another's risk; processors are shared out. */
export function containerResources(
  share: { readonly cpuMillicores: number; readonly memoryBytes: number },
  scratch = scratchBytes,
) {
  const memory = formatBytes(share.memoryBytes);
  return {
    requests: { cpu: cpuOf(Math.max(10, Math.ceil(share.cpuMillicores / 10))), memory, 'ephemeral-storage': '16Mi' },
    limits: { cpu: cpuOf(share.cpuMillicores), memory, 'ephemeral-storage': formatBytes(scratch) },
  };
}

/**
 * For containers that say nothing themselves: with a quota in place such a pod would be refused. Each gets as much as
 * leaves the same to as many pods as are promised.
 */
export function containerDefaults(limits: Limits): Readonly<Record<string, unknown>> {
  const share = {
    cpuMillicores: Math.max(least.cpuMillicores, Math.floor(limits.cpuMillicores / learnersPods)),
    memoryBytes: Math.max(least.memoryBytes, wholeMebibytes(limits.memoryBytes / learnersPods)),
  };
  const ephemeral = Math.max(least.ephemeralBytes, wholeMebibytes(limits.storageBytes / learnersPods));
  const { limits: defaults, requests } = containerResources(share, ephemeral);
  const defaultRequest = { ...requests, memory: formatBytes(least.memoryBytes) };
  return { type: 'Container', default: defaults, defaultRequest };
}

const wholeMebibytes = (bytes: number): number => Math.floor(bytes / mebibyte) * mebibyte;

export const cpuOf = (millicores: number): string => `${millicores}m`;
