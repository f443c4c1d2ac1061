import type { SessionSpec } from '@nalabo/infrastructure-port';
import { formatBytes } from '@nalabo/kernel';
import type { KubeObject } from '../cluster/kube-object.js';
import { kubeconfigSecret, namespaceOf, partLabel, workbenchName } from './session-names.js';
import { checkerShare, containerResources, scratchBytes } from './session-resources.js';

const learner = 1000;
const checker = 2000;
const kubeconfigPath = '/etc/nalabo/kubeconfig';
const mebibyte = 2 ** 20;

/** The virtual cluster that a workbench belongs to. */
export interface VirtualApi {
  /** The name in the session's kubeconfig, and the address that stands for it. */
  readonly host: string;
  readonly address: string;
}

/** The container of the trusted checker. */
export const checkerName = 'checker';

export interface WorkbenchSurroundings {
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What the learner's container may use. */
  readonly share: { readonly cpuMillicores: number; readonly memoryBytes: number };
  readonly now: Date;
  readonly virtualApi: VirtualApi | null;
  /** Where there is no virtual cluster: the names by which the workbench knows the Services of the session. */
  readonly hosts: string | null;
}

/** The pod in which a learner works, with the trusted checker beside it. */
export function workbenchPod(spec: SessionSpec, surroundings: WorkbenchSurroundings): KubeObject {
  const { labels, now, virtualApi, hosts } = surroundings;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: workbenchName,
      namespace: namespaceOf(spec.sessionId),
      labels: { ...labels, [partLabel]: workbenchName },
    },
    spec: {
      serviceAccountName: workbenchName,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      // The node starts an ended container again where it stands, with its files; the keeper ends with 0 at its time.
      restartPolicy: 'OnFailure',
      activeDeadlineSeconds: Math.max(1, spec.endsByEpochSeconds - Math.floor(now.getTime() / 1000)),
      terminationGracePeriodSeconds: 1,
      // Names are answered for by this list alone: there is no resolver that could carry anything out.
      dnsPolicy: 'None',
      dnsConfig: {
        nameservers: ['192.0.2.1'],
        options: [
          { name: 'timeout', value: '1' },
          { name: 'attempts', value: '1' },
        ],
      },
      ...(virtualApi && { hostAliases: [{ ip: virtualApi.address, hostnames: [virtualApi.host] }] }),
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      ...(hosts !== null && { initContainers: [namesContainer(spec, surroundings.image, hosts)] }),
      containers: [learnerContainer(spec, surroundings), checkerContainer(spec, surroundings)],
      volumes: volumesOf(spec, virtualApi !== null, hosts !== null),
    },
  };
}

/** Writes the table of names that the others have at its place, which the checker alone may write again. */
function namesContainer(spec: SessionSpec, image: string, hosts: string) {
  return {
    ...container(spec, { name: 'names', user: checker, image }),
    command: ['/bin/sh', '-c', 'printf %s "$1" > /names/hosts', 'sh', hosts],
    workingDir: '/',
    resources: containerResources(checkerShare),
    volumeMounts: [{ name: 'names', mountPath: '/names' }],
  };
}

function namesMount(hosts: string | null, readOnly: boolean) {
  return hosts === null ? [] : [{ name: 'names', mountPath: '/etc/hosts', subPath: 'hosts', readOnly }];
}

function learnerContainer(spec: SessionSpec, { image, share, virtualApi, hosts }: WorkbenchSurroundings) {
  return {
    ...container(spec, { name: workbenchName, user: learner, image }),
    env: [...containerEnvironment(spec.environment), ...kubeconfigVariable(virtualApi)],
    resources: containerResources(share, spec.limits.storageBytes + scratchBytes),
    volumeMounts: [
      { name: 'home', mountPath: '/home/lab' },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'run', mountPath: '/run' },
      ...sharedMounts(virtualApi !== null),
      ...namesMount(hosts, true),
    ],
  };
}

/** The session's environment stays out: whoever made the session chose it. */
function checkerContainer(spec: SessionSpec, { image, virtualApi, hosts }: WorkbenchSurroundings) {
  return {
    ...container(spec, { name: checkerName, user: checker, image }),
    env: [{ name: 'HOME', value: '/nonexistent' }, ...kubeconfigVariable(virtualApi)],
    resources: containerResources(checkerShare),
    volumeMounts: [
      { name: 'checker-tmp', mountPath: '/tmp' },
      ...sharedMounts(virtualApi !== null),
      ...namesMount(hosts, false),
    ],
    ...(virtualApi && { startupProbe: virtualApiAnswers }),
  };
}

/** The pod is ready when the virtual API answers its learner, and has what the first pod of a learner needs. */
const virtualApiAnswers = {
  exec: { command: ['kubectl', '--request-timeout=2s', 'get', 'serviceaccount', 'default', '--output=name'] },
  periodSeconds: 1,
  timeoutSeconds: 5,
  failureThreshold: 600,
};

function container(spec: SessionSpec, { name, user, image }: { name: string; user: number; image: string }) {
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    // The first process itself, with no init before it: as such nothing that a learner does inside can end it.
    command: ['/usr/local/bin/nalabo-keeper', spec.sessionId, spec.workshopId, String(spec.endsByEpochSeconds)],
    workingDir: '/workspace',
    securityContext: {
      runAsUser: user,
      runAsGroup: user,
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    },
  };
}

export function containerEnvironment(variables: Readonly<Record<string, string>>) {
  // The node expands $(NAME) and makes one dollar of two. A text would not do: there, too, two dollars stand for one.
  return Object.entries(variables).map(([name, value]) => ({ name, value: value.replaceAll('$', () => '$$') }));
}

function kubeconfigVariable(virtualApi: VirtualApi | null) {
  return virtualApi ? [{ name: 'KUBECONFIG', value: `${kubeconfigPath}/config` }] : [];
}

function sharedMounts(hasKubeconfig: boolean) {
  return [
    { name: 'workspace', mountPath: '/workspace' },
    ...(hasKubeconfig ? [{ name: 'kubeconfig', mountPath: kubeconfigPath, readOnly: true }] : []),
  ];
}

/**
 * Only the workspace has a size of its own on the disk: a node evicts the pod, with all its files, over any folder that
 * outgrows its size. What is in memory says that it is full instead; the rest counts towards the containers' limits.
 */
function volumesOf({ limits }: SessionSpec, hasKubeconfig: boolean, hasNames: boolean) {
  const inMemory = { emptyDir: { medium: 'Memory', sizeLimit: formatBytes(64 * mebibyte) } };
  return [
    { name: 'workspace', emptyDir: { sizeLimit: formatBytes(limits.storageBytes) } },
    { name: 'home', emptyDir: {} },
    { name: 'tmp', ...inMemory },
    { name: 'run', ...inMemory },
    { name: 'checker-tmp', emptyDir: {} },
    ...(hasNames ? [{ name: 'names', emptyDir: {} }] : []),
    ...(hasKubeconfig ? [{ name: 'kubeconfig', secret: { secretName: kubeconfigSecret, defaultMode: 0o444 } }] : []),
  ];
}
