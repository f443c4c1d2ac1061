import { formatBytes } from '@nalabo/kernel';
import { cpuOf, type Share } from '../session/session-resources.js';
import { controlPlaneLimits, controlPlaneRequests, virtualDnsLimits } from './virtual-cluster-overhead.js';

/** The version that the settings below and the shape of the objects were checked against. */
export const chartVersion = '0.36.1';

export interface ChartProfile {
  /** As the cluster reports it, for example `v1.34.4` or `v1.33.1-eks-1de2ab1`. */
  readonly kubernetesVersion: string;
  /** Put before the names of all images; without it they come from where the chart says. */
  readonly imagePrefix?: string | undefined;
}

/** The values of every virtual cluster of a target. What a session adds is merged into them later. */
export function chartValues(profile: ChartProfile) {
  const images = imagesOf(profile);
  return {
    controlPlane: {
      distro: { k8s: { enabled: true, ...images.kubernetes, ...distroSettings } },
      // SQLite in an emptyDir: a session ends with its control plane, and no claim is left behind.
      backingStore: { database: { embedded: { enabled: true } } },
      statefulSet: { ...images.controlPlane, ...controlPlaneSettings },
      coredns: {
        overwriteConfig: corefile,
        deployment: {
          ...images.dns,
          resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: quantities(virtualDnsLimits) },
        },
      },
    },
    rbac: { clusterRole: { enabled: false }, role: { extraRules: readsEndpointSlices } },
    sync: { toHost: syncedToHost, fromHost: syncedFromHost },
    // Kubelets of the host are not for learners. Logs and exec do not need these.
    networking: { advanced: { proxyKubelets: { byHostname: false, byIP: false }, fallbackHostCluster: false } },
    policies: {
      // Labels namespaces inside, so that a learner is told at once; what holds is the label on the host's namespace.
      podSecurityStandard: 'baseline',
      networkPolicy: { enabled: false },
      limitRange: { enabled: false },
      resourceQuota: { enabled: false },
    },
    telemetry: { enabled: false },
  };
}

/** `v1.33.1-eks-1de2ab1` is not the tag of any image: the part that every distribution shares is. */
export function plainVersion(kubernetesVersion: string): string {
  const [shared] = /\d+\.\d+\.\d+/.exec(kubernetesVersion) ?? [];
  return shared === undefined ? kubernetesVersion : `v${shared}`;
}

function imagesOf({ imagePrefix, kubernetesVersion }: ChartProfile) {
  if (imagePrefix === undefined) {
    // The build without the parts that need a licence.
    return { controlPlane: { image: { repository: 'loft-sh/vcluster-oss' } }, kubernetes: {}, dns: {} };
  }
  const image = (name: string, tag: string) => ({ image: { registry: '', repository: `${imagePrefix}${name}`, tag } });
  return {
    controlPlane: image('vcluster', chartVersion),
    kubernetes: image('kubernetes', plainVersion(kubernetesVersion)),
    dns: { image: `${imagePrefix}coredns:1` },
  };
}

function quantities({ cpuMillicores, memoryBytes, ephemeralBytes }: Omit<Share, 'pods'>) {
  const memory = formatBytes(memoryBytes);
  return { cpu: cpuOf(cpuMillicores), memory, 'ephemeral-storage': formatBytes(ephemeralBytes) };
}

const confined = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };
const controlPlaneUser = 12345;

const distroSettings = {
  imagePullPolicy: 'IfNotPresent',
  securityContext: confined,
  // It copies the programs of the control plane, and the session waits for it.
  resources: { requests: { cpu: '40m', memory: '64Mi' }, limits: { cpu: '1', memory: '256Mi' } },
  apiServer: {
    // An external address of a synced Service is taken over on every node of the host, whoever owns it.
    extraArgs: ['--enable-admission-plugins=DenyServiceExternalIPs'],
  },
  controllerManager: {
    // Each controller asks for a token of its own before the first service account can be made: with the limit that it
    // puts on itself by default, for a whole cluster, that takes seconds. There is one copy of it, so nobody to elect.
    extraArgs: ['--kube-api-qps=200', '--kube-api-burst=400', '--leader-elect=false'],
  },
};

const controlPlaneSettings = {
  imagePullPolicy: 'IfNotPresent',
  enableServiceLinks: false,
  persistence: { volumeClaim: { enabled: false } },
  resources: {
    requests: quantities(controlPlaneRequests),
    limits: quantities(controlPlaneLimits),
  },
  security: {
    podSecurityContext: {
      runAsNonRoot: true,
      runAsUser: controlPlaneUser,
      runAsGroup: controlPlaneUser,
      fsGroup: controlPlaneUser,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containerSecurityContext: { ...confined, runAsUser: controlPlaneUser, runAsGroup: controlPlaneUser },
  },
  // The Service leads nowhere before the pod is ready: looking every 6 s, as the chart does, costs a learner seconds.
  probes: {
    startupProbe: { periodSeconds: 1, failureThreshold: 600 },
    readinessProbe: { periodSeconds: 2 },
  },
};

const off = { enabled: false };

/** The control plane watches the slices of its own namespace even where it is not to write any. */
const readsEndpointSlices = [
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
];

/** Policies only ever add up, so a learner's own would open what ours close. Endpoints could point anywhere. */
const syncedToHost = {
  endpoints: off,
  endpointSlices: off,
  ingresses: off,
  networkPolicies: off,
  persistentVolumes: off,
  podDisruptionBudgets: off,
  priorityClasses: off,
  serviceAccounts: off,
  storageClasses: off,
  pods: { rewriteHosts: off, useSecretsForSATokens: true },
};

/** Events of a learner's own pods stay on: they say why one does not start. */
const syncedFromHost = {
  configMaps: off,
  csiDrivers: off,
  csiNodes: off,
  csiStorageCapacities: off,
  ingressClasses: off,
  nodes: off,
  priorityClasses: off,
  runtimeClasses: off,
  secrets: off,
  storageClasses: off,
};

/** Names outside the cluster do not exist here. Asking a resolver that no policy lets through takes seconds each. */
const corefile = `cluster.local:1053 in-addr.arpa:1053 ip6.arpa:1053 {
    errors
    health
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
    }
    prometheus :9153
    cache 30
    reload
    loadbalance
}
.:1053 {
    template ANY ANY {
        rcode NXDOMAIN
    }
}
`;
