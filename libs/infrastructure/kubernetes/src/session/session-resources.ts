import type { Limits } from '@nalabo/contracts';
import { formatBytes } from '@nalabo/kernel';

/** What containers of a session may use, as Kubernetes counts it. */
export interface Share {
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  readonly pods: number;
}

const mebibyte = 2 ** 20;

/** The trusted checker beside the learner. */
export const checkerShare = { cpuMillicores: 100, memoryBytes: 128 * mebibyte } as const;

/** What a session in a namespace needs besides the learner's own share. A pod that is ending still counts. */
export const namespaceOverhead: Share = { ...checkerShare, pods: 2 };

/** Space for logs and the image's own writable layer, beside what the learner may fill. */
const scratchBytes = 256 * mebibyte;

export function quotaOf(limits: Limits, overhead: Share, pods: number): Record<string, string> {
  const cpu = cpuOf(limits.cpuMillicores + overhead.cpuMillicores);
  const memory = formatBytes(limits.memoryBytes + overhead.memoryBytes);
  return {
    'limits.cpu': cpu,
    'limits.memory': memory,
    'requests.cpu': cpu,
    'requests.memory': memory,
    pods: String(pods + overhead.pods),
    'requests.storage': formatBytes(limits.storageBytes),
    persistentvolumeclaims: '8',
    services: '20',
    'services.nodeports': '0',
    'services.loadbalancers': '0',
    secrets: '60',
    configmaps: '60',
    'count/ingresses.networking.k8s.io': '0',
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

export const cpuOf = (millicores: number): string => `${millicores}m`;
