import { flag, listOf, oneOf } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { aPodSpec, inPodSpec, inWorkload } from '../example-files.js';
import { gracePeriod, label, onlyFalse } from '../manifest-forms.js';
import { allow, completed, manifestTable, refuse, refuseAll } from '../manifest-table.js';
import { affinity, spread } from './affinity-rules.js';
import { container } from './container-rules.js';
import { templateMetadata } from './metadata-rules.js';
import { podSecurity } from './security-rules.js';
import { volume } from './volume-rules.js';

export const nodeSelectorTable = manifestTable({
  id: 'node-selector',
  title: 'labels of nodes',
  wrap: (fields) => inPodSpec(`nodeSelector: { ${fields} }`),
  rules: {
    'kubernetes.io/os': allow(oneOf(['linux']), 'Leave it out: all nodes run Linux.', 'linux', 'windows'),
  },
});

export const osTable = manifestTable({
  id: 'pod-os',
  title: 'the operating system of a pod',
  required: ['name'],
  wrap: (fields) => inPodSpec(`os: { ${completed(fields, { name: 'linux' })} }`),
  rules: { name: allow(oneOf(['linux']), 'Leave it out: all nodes run Linux.', 'linux', 'windows') },
});

/** Where pods run and in which sandbox is for the platform to choose. */
const placement = refuseAll('where and how pods run is chosen by the platform', 'Leave it out.', {
  nodeName: 'node-1',
  tolerations: '[{ operator: Exists }]',
  priorityClassName: 'system-node-critical',
  priority: '1000',
  preemptionPolicy: 'PreemptLowerPriority',
  runtimeClassName: 'runc',
  overhead: '{ cpu: 1 }',
  schedulingGates: '[{ name: example.com/wait }]',
  resourceClaims: '[{ name: gpu }]',
  readinessGates: '[{ conditionType: example.com/ready }]',
});

const names = refuseAll('names in a session lead where the cluster says', 'Reach other pods by a Service.', {
  hostAliases: '[{ ip: 10.0.0.1, hostnames: [web] }]',
  dnsConfig: '{ nameservers: [10.0.0.1] }',
});

const reachPods = 'Reach other pods by a Service.';
const identity = 'Leave it out: pods of a session have no identity at the cluster.';

export const podSpecTable = manifestTable({
  id: 'pod-spec',
  title: 'the spec of a pod',
  required: ['containers'],
  wrap: inPodSpec,
  rules: {
    containers: allow(listOf(container, 10, 1), 'List containers.', '[{ name: web, image: nginx:alpine }]', '[]'),
    initContainers: allow(listOf(container, 10), 'List containers.', '[{ name: first, image: nginx:alpine }]', '{}'),
    volumes: allow(listOf(volume, 20), 'List volumes.', '[{ name: data, emptyDir: {} }]', '{}'),
    restartPolicy: allow(oneOf(['Always', 'OnFailure', 'Never']), 'Write Never.', 'Never', 'Sometimes'),
    terminationGracePeriodSeconds: allow(gracePeriod, 'Write a number up to 60.', '10', '86400'),
    // A pod with a time of its own is in no quota of those without, and the workbench would have to do with what it leaves.
    activeDeadlineSeconds: refuse('pods run until their session ends', 'Give a Job, not its pod, a time.', '60'),
    securityContext: allow(podSecurity, 'Leave it out.', '{ fsGroup: 1000 }', '[]'),
    enableServiceLinks: allow(flag, 'Write true or false.', 'false', '"no"'),
    shareProcessNamespace: allow(flag, 'Write true or false.', 'true', '"yes"'),
    hostname: allow(label, 'Use lower-case letters, digits and -.', 'web', 'Web'),
    subdomain: allow(label, 'Name a headless Service.', 'web', 'Web'),
    setHostnameAsFQDN: allow(flag, 'Write true or false.', 'false', '"no"'),
    dnsPolicy: allow(oneOf(['ClusterFirst']), 'Leave it out.', 'ClusterFirst', 'None'),
    os: allow(keysOf(osTable), 'Leave it out.', '{ name: linux }', 'linux'),
    affinity: allow(
      affinity,
      'Leave it out, or say which pods to be near to.',
      '{ podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } }',
      '[]',
    ),
    topologySpreadConstraints: allow(
      listOf(spread, 4),
      'List constraints.',
      '[{ maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway }]',
      '{}',
    ),
    nodeSelector: allow(keysOf(nodeSelectorTable), 'Leave it out.', '{ kubernetes.io/os: linux }', 'linux'),
    schedulerName: allow(oneOf(['default-scheduler']), 'Leave it out.', 'default-scheduler', 'mine'),
    hostNetwork: allow(onlyFalse, reachPods, 'false', 'true'),
    hostPID: allow(onlyFalse, 'Use shareProcessNamespace within the pod.', 'false', 'true'),
    hostIPC: allow(onlyFalse, 'Use a volume within the pod.', 'false', 'true'),
    hostUsers: allow(onlyFalse, 'Leave it out.', 'false', 'true'),
    automountServiceAccountToken: allow(onlyFalse, identity, 'false', 'true'),
    serviceAccountName: allow(oneOf(['default']), identity, 'default', 'admin'),
    serviceAccount: allow(oneOf(['default']), identity, 'default', 'admin'),
    imagePullSecrets: refuse('images come from the workshop', 'Leave it out.', '[{ name: keys }]'),
    ephemeralContainers: refuse(
      'they are added to a pod that runs, and by no file',
      'Use containers.',
      '[{ name: debug, image: nginx:alpine, securityContext: { capabilities: { add: [SYS_ADMIN] } } }]',
    ),
    ...placement,
    ...names,
  },
});

export const podSpec = keysOf(podSpecTable);

export const templateTable = manifestTable({
  id: 'template',
  title: 'the template of a pod',
  required: ['spec'],
  wrap: (fields) => inWorkload('Deployment', `template: { ${completed(fields, { spec: aPodSpec })} }`),
  rules: {
    metadata: allow(templateMetadata, 'Write { labels: … }.', '{ labels: { app: web } }', 'web'),
    spec: allow(podSpec, 'Write { containers: … }.', aPodSpec, '[]'),
  },
});

export const template = keysOf(templateTable);
