import { learnerAccount } from '../session/learner-access.js';

const restricted = 'securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: RuntimeDefault } }';
const confined = 'securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }';
const container = (more = confined): string =>
  `{ name: web, image: "rig/busybox:1", command: [sleep, infinity], terminationMessagePolicy: File, ${more} }`;
export const podSpec = (more = '', inside = confined): string =>
  `{ automountServiceAccountToken: false, terminationGracePeriodSeconds: 0, ${restricted}, containers: [${container(inside)}]${more === '' ? '' : `, ${more}`} }`;
const pod = (more = '', inside = confined): string =>
  `{ apiVersion: v1, kind: Pod, metadata: { name: hostile }, spec: ${podSpec(more, inside)} }`;
export const object = (apiVersion: string, kind: string, more: string, metadata = 'name: hostile'): string =>
  `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { ${metadata} }${more === '' ? '' : `, ${more}`} }`;
const service = (spec: string): string => object('v1', 'Service', `spec: { ports: [{ port: 80 }], ${spec} }`);
const takeover = (selector: string, labels: string): string =>
  object(
    'apps/v1',
    'ReplicaSet',
    `spec: { replicas: 0, selector: ${selector}, template: { metadata: { labels: ${labels} }, spec: ${podSpec()} } }`,
  );
const rbac = 'rbac.authorization.k8s.io';

/**
 * What no policy of manifests lets through, and what the cluster says of it when it comes all the same.
 */
export const hostileObjects: readonly (readonly [name: string, file: string, why: RegExp])[] = [
  ['a path of the node', pod('volumes: [{ name: a, hostPath: { path: / } }]'), /violates PodSecurity/],
  ['the network of the node', pod('hostNetwork: true'), /violates PodSecurity/],
  ['the processes of the node', pod('hostPID: true'), /violates PodSecurity/],
  ['a privileged container', pod('', 'securityContext: { privileged: true }'), /violates PodSecurity/],
  ['a container that is root', pod('', confined.replace('{', '{ runAsUser: 0,')), /violates PodSecurity/],
  [
    'a volume that its node fetches',
    pod('volumes: [{ name: a, nfs: { server: 198.51.100.7, path: / } }]'),
    /violates PodSecurity|no volumes/,
  ],
  ['the account of the workbench', pod('serviceAccountName: workbench'), /no account of the platform/],
  ['the account of learners', pod(`serviceAccountName: ${learnerAccount}`), /no account of the platform/],
  [
    'a token of its own',
    pod().replace('automountServiceAccountToken: false', 'automountServiceAccountToken: true'),
    /no credentials/,
  ],
  [
    'the labels of the workbench',
    pod().replace('name: hostile', 'name: hostile, labels: { nalabo.io/part: workbench }'),
    /labels its own/,
  ],
  [
    'a day to end',
    pod().replace('terminationGracePeriodSeconds: 0', 'terminationGracePeriodSeconds: 86400'),
    /end within a minute/,
  ],
  [
    'a day to end when it is unwell',
    pod('', `livenessProbe: { exec: { command: ["false"] }, terminationGracePeriodSeconds: 86400 }, ${confined}`),
    /end within a minute/,
  ],
  [
    'a hook that holds its pod',
    pod('', `lifecycle: { postStart: { exec: { command: [sleep, infinity] } } }, ${confined}`),
    /no postStart/,
  ],
  [
    'a hook that holds its pod, in an init container',
    pod(
      `initContainers: [${container(`lifecycle: { postStart: { exec: { command: [sleep, infinity] } } }, restartPolicy: Always, ${confined}`).replace('name: web', 'name: first')}]`,
    ),
    /no postStart/,
  ],
  ['a time that takes it out of the quota', pod('activeDeadlineSeconds: 60'), /no time of their own/],
  [
    'the certificates of the cluster',
    pod(
      'volumes: [{ name: a, projected: { sources: [{ clusterTrustBundle: { name: a, path: ca, optional: true } }] } }]',
    ),
    /no credentials/,
  ],
  [
    'a Job that goes on and on',
    object('batch/v1', 'Job', `spec: { completions: 1000, template: { spec: ${podSpec('restartPolicy: Never')} } }`),
    /at most 100 pods/,
  ],
  [
    'a Job that goes on and on, from time to time',
    object(
      'batch/v1',
      'CronJob',
      `spec: { schedule: "@daily", jobTemplate: { spec: { completions: 1000, template: { spec: ${podSpec('restartPolicy: Never')} } } } }`,
    ),
    /at most 100 pods/,
  ],
  [
    'every pod without a label',
    takeover('{ matchExpressions: [{ key: app, operator: DoesNotExist }] }', '{ tier: web }'),
    /take over no pods/,
  ],
  [
    'the pod with the labels of the workbench',
    takeover('{ matchLabels: { nalabo.io/part: workbench } }', '{ nalabo.io/part: workbench }'),
    /take over no pods/,
  ],
  [
    'the pods of a Job’s choice',
    object(
      'batch/v1',
      'Job',
      `spec: { manualSelector: true, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: ${podSpec('restartPolicy: Never')} } }`,
    ),
    /take over no pods/,
  ],
  [
    'more than the session has',
    pod('', `resources: { limits: { memory: 8Gi, cpu: 64 } }, ${confined}`),
    /exceeded quota/,
  ],
  ['a port of nodes', service('type: NodePort, selector: { app: web }'), /exceeded quota|lead to pods/],
  ['a load balancer', service('type: LoadBalancer, selector: { app: web }'), /exceeded quota|lead to pods/],
  ['a name outside', service('type: ExternalName, externalName: example.org'), /lead to pods of the session/],
  ['a Service for anybody’s addresses', service('type: ClusterIP'), /lead to pods of the session/],
  ['an address of others', service('selector: { app: web }, externalIPs: [198.51.100.7]'), /external addresses/],
  ['a role', object(`${rbac}/v1`, 'Role', 'rules: []'), /has no kind Role/],
  ['a binding', object(`${rbac}/v1`, 'RoleBinding', 'roleRef: {}'), /has no kind RoleBinding/],
  ['an account', object('v1', 'ServiceAccount', ''), /has no kind ServiceAccount/],
  ['a network policy', object('networking.k8s.io/v1', 'NetworkPolicy', 'spec: { podSelector: {} }'), /has no kind Net/],
  ['a quota', object('v1', 'ResourceQuota', 'spec: { hard: {} }'), /has no kind ResourceQuota/],
  ['an Ingress', object('networking.k8s.io/v1', 'Ingress', 'spec: {}'), /has no kind Ingress/],
  ['a namespace', object('v1', 'Namespace', ''), /has no kind Namespace/],
  [
    'an object elsewhere',
    object('v1', 'ConfigMap', '', 'name: hostile, namespace: kube-system'),
    /cannot get resource/,
  ],
  [
    'a token of the cluster',
    object(
      'v1',
      'Secret',
      'type: kubernetes.io/service-account-token',
      'name: hostile, annotations: { kubernetes.io/service-account.name: workbench }',
    ),
    /hold no credentials/,
  ],
  [
    'an owner',
    object(
      'v1',
      'ConfigMap',
      '',
      'name: hostile, ownerReferences: [{ apiVersion: v1, kind: Pod, name: workbench, uid: 00000000-0000-0000-0000-000000000000 }]',
    ),
    /no owners/,
  ],
  ['a finalizer', object('v1', 'ConfigMap', '', 'name: hostile, finalizers: [example.org/hold]'), /no finalizers/],
  ['the workbench', pod().replace('name: hostile', 'name: workbench'), /no file has made|name of the platform/],
  ['a name of the platform', object('v1', 'ConfigMap', '', 'name: nalabo-anything'), /name of the platform/],
  [
    'a volume of the operator',
    object(
      'v1',
      'PersistentVolumeClaim',
      'spec: { accessModes: [ReadWriteOnce], volumeName: treasure, resources: { requests: { storage: 1Mi } } }',
    ),
    /may name no volume/,
  ],
];
