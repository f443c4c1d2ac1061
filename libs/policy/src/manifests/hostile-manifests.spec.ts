import { describe, expect, it } from 'vitest';
import type { ManifestContext } from './manifest-context.js';
import { readManifests } from './read-manifests.js';

const namespace: ManifestContext = {
  isolation: 'namespace',
  namespace: 'nalabo-session-example',
  images: ['nginx:alpine'],
  hostSuffix: null,
};
const virtual: ManifestContext = { isolation: 'virtual' };
const both = [namespace, virtual] as const;

const places = (text: string, context: ManifestContext) =>
  readManifests(text, context).violations.map(({ path }) => path);

const podSpec = (fields: string): string => `{ containers: [{ name: a, image: nginx:alpine }], ${fields} }`;
const container = (fields: string): string => `{ name: a, image: nginx:alpine, ${fields} }`;
const pod = (spec: string): string => `{ apiVersion: v1, kind: Pod, metadata: { name: a }, spec: ${spec} }`;
const workload = (kind: string, spec: string): string =>
  `{ apiVersion: apps/v1, kind: ${kind}, metadata: { name: a }, spec: { selector: { matchLabels: { a: b } }, template: { spec: ${spec} } } }`;
const cronJob = (spec: string): string =>
  `{ apiVersion: batch/v1, kind: CronJob, metadata: { name: a }, spec: { schedule: "@daily", jobTemplate: { spec: { template: { spec: ${spec} } } } } }`;
const job = (spec: string): string =>
  `{ apiVersion: batch/v1, kind: Job, metadata: { name: a }, spec: { template: { spec: ${spec} } } }`;
const service = (spec: string): string =>
  `{ apiVersion: v1, kind: Service, metadata: { name: a }, spec: { selector: { a: b }, ${spec} } }`;

const podMakers: readonly [string, string, (spec: string) => string][] = [
  ['Pod', 'spec', pod],
  ...['Deployment', 'StatefulSet', 'ReplicaSet'].map((kind): [string, string, (spec: string) => string] => [
    kind,
    'spec.template.spec',
    (spec) => workload(kind, spec),
  ]),
  ['Job', 'spec.template.spec', job],
  ['CronJob', 'spec.jobTemplate.spec.template.spec', cronJob],
];

/** Fields of a pod that neither mode takes. */
const ofPods: readonly [string, string][] = [
  ['hostNetwork', 'hostNetwork: true'],
  ['hostPID', 'hostPID: true'],
  ['hostIPC', 'hostIPC: true'],
  ['volumes[0].hostPath', 'volumes: [{ name: a, hostPath: { path: / } }]'],
  ['volumes[0].nfs', 'volumes: [{ name: a, nfs: { server: 10.0.0.1, path: / } }]'],
  ['nodeName', 'nodeName: node-1'],
  ['runtimeClassName', 'runtimeClassName: runc'],
  ['priorityClassName', 'priorityClassName: system-node-critical'],
  ['securityContext.sysctls[0].name', 'securityContext: { sysctls: [{ name: kernel.msgmax, value: "1" }] }'],
  ['securityContext.seccompProfile.type', 'securityContext: { seccompProfile: { type: Unconfined } }'],
];
const ofContainers: readonly [string, string][] = [
  ['securityContext.privileged', 'securityContext: { privileged: true }'],
  ['securityContext.capabilities.add[0]', 'securityContext: { capabilities: { add: [SYS_ADMIN] } }'],
  ['securityContext.procMount', 'securityContext: { procMount: Unmasked }'],
  ['ports[0].hostPort', 'ports: [{ containerPort: 80, hostPort: 80 }]'],
  ['livenessProbe.httpGet.host', 'livenessProbe: { httpGet: { host: 169.254.169.254, port: 80 } }'],
  ['readinessProbe.tcpSocket.host', 'readinessProbe: { tcpSocket: { host: 10.0.0.1, port: 22 } }'],
  ['lifecycle.preStop.httpGet.host', 'lifecycle: { preStop: { httpGet: { host: 10.0.0.1, port: 80 } } }'],
];

describe.each(both)('in a session with isolation $isolation', (context) => {
  describe.each(podMakers)('a %s', (_, at, make) => {
    it.each(ofPods)('is refused with %s', (path, fields) => {
      expect(places(make(podSpec(fields)), context)).toEqual([`${at}.${path}`]);
    });

    it.each(ofContainers)('is refused with %s in a container and an initial one', (path, fields) => {
      const spec = `{ initContainers: [${container(fields)}], containers: [${container('args: []')}, ${container(fields)}] }`;
      expect(places(make(spec), context).toSorted()).toEqual([
        `${at}.containers[1].${path}`,
        `${at}.initContainers[0].${path}`,
      ]);
    });
  });

  it('ephemeral containers are looked into or refused', () => {
    const fields = 'securityContext: { capabilities: { add: [SYS_ADMIN] } }';
    const [path = ''] = places(pod(podSpec(`ephemeralContainers: [${container(fields)}]`)), context);
    expect(path).toMatch(/^spec\.ephemeralContainers/);
  });

  it.each([
    ['spec.tolerations', pod(podSpec('tolerations: [{ operator: Exists }]'))],
    ['spec.externalIPs', service('externalIPs: [192.0.2.1]')],
    ['spec.type', service('type: LoadBalancer')],
    ['metadata.namespace', '{ apiVersion: v1, kind: ConfigMap, metadata: { name: a, namespace: kube-system } }'],
  ])('%s is refused', (path, text) => {
    const found = places(text, context);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(path);
  });

  it.each([
    ['31 documents', '{ apiVersion: v1, kind: ConfigMap, metadata: { name: a } }\n---\n'.repeat(31)],
    [
      'a List of 200 items',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: Array(200).fill({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }),
      }),
    ],
    [
      'a ConfigMap of 1 MiB',
      `{ apiVersion: v1, kind: ConfigMap, metadata: { name: a }, data: { a: "${'x'.repeat(2 ** 20)}" } }`,
    ],
  ])('%s is refused', (_, text) => {
    expect(readManifests(text, context)).toMatchObject({ objects: [], violations: [{ path: '' }] });
  });

  it('one bad object among good ones refuses the file, with the line and the path of the file', () => {
    const good = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${good.replaceAll('\n', '\n  ').trimEnd()}\n- apiVersion: v1\n  kind: Pod\n  metadata: { name: b }\n  spec:\n    containers: [{ name: b, image: nginx:alpine }]\n    hostPID: true\n`;
    expect(readManifests(`${good}---\n${list}---\n${good}`, context)).toMatchObject({
      objects: [],
      violations: [{ path: 'items[1].spec.hostPID', document: 2, line: 16 }],
    });
  });

  it('at most fifty faults are told', () => {
    const containers = Array.from({ length: 60 }, () => container('securityContext: { privileged: true }')).join();
    const file = pod(
      `{ initContainers: [${container('securityContext: { privileged: true }')}], containers: [${containers}] }`,
    );
    expect(places(Array(9).fill(file).join('\n---\n'), context).length).toBeLessThanOrEqual(50);
  });
});

/** Everything that a session without a cluster of its own does not make. */
const refusedKinds: readonly [string, string][] = [
  ...['Namespace', 'Node', 'PersistentVolume', 'ServiceAccount', 'ResourceQuota', 'LimitRange', 'Endpoints'].map(
    (kind): [string, string] => [kind, 'v1'],
  ),
  ...['PodTemplate', 'ReplicationController', 'Binding', 'Event', 'List'].map((kind): [string, string] => [kind, 'v1']),
  ...['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'].map((kind): [string, string] => [
    kind,
    'rbac.authorization.k8s.io/v1',
  ]),
  ...['StorageClass', 'CSIDriver', 'CSINode', 'VolumeAttachment'].map((kind): [string, string] => [
    kind,
    'storage.k8s.io/v1',
  ]),
  ...['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'ValidatingAdmissionPolicy'].map(
    (kind): [string, string] => [kind, 'admissionregistration.k8s.io/v1'],
  ),
  ['NetworkPolicy', 'networking.k8s.io/v1'],
  ['DaemonSet', 'apps/v1'],
  ['PriorityClass', 'scheduling.k8s.io/v1'],
  ['RuntimeClass', 'node.k8s.io/v1'],
  ['APIService', 'apiregistration.k8s.io/v1'],
  ['CustomResourceDefinition', 'apiextensions.k8s.io/v1'],
  ['CertificateSigningRequest', 'certificates.k8s.io/v1'],
  ['TokenRequest', 'authentication.k8s.io/v1'],
  ['EndpointSlice', 'discovery.k8s.io/v1'],
  ['Lease', 'coordination.k8s.io/v1'],
  ['Gadget', 'example.org/v1'],
  ['__proto__', 'v1'],
  ['constructor', 'v1'],
];

describe('in a session in a namespace', () => {
  it.each(refusedKinds)('a %s is refused', (kind, apiVersion) => {
    expect(places(JSON.stringify({ apiVersion, kind, metadata: { name: 'a' } }), namespace)).toEqual(['kind']);
  });

  it.each([
    ['serviceAccountName', 'serviceAccountName: admin'],
    ['serviceAccount', 'serviceAccount: admin'],
    ['automountServiceAccountToken', 'automountServiceAccountToken: true'],
    [
      'volumes[0].projected.sources[0].serviceAccountToken',
      'volumes: [{ name: a, projected: { sources: [{ serviceAccountToken: { path: t } }] } }]',
    ],
    ['imagePullSecrets', 'imagePullSecrets: [{ name: a }]'],
    ['activeDeadlineSeconds', 'activeDeadlineSeconds: 60'],
    ['hostUsers', 'hostUsers: true'],
    ['dnsPolicy', 'dnsPolicy: None'],
    ['securityContext.runAsUser', 'securityContext: { runAsUser: 0 }'],
    ['unheardOf', 'unheardOf: {}'],
  ])('a pod with %s is refused in every template', (path, fields) => {
    for (const [, at, make] of podMakers) {
      expect(places(make(podSpec(fields)), namespace)).toEqual([`${at}.${path}`]);
    }
  });

  it('a container with a hook after its start is refused in every template', () => {
    const hooked = container('lifecycle: { postStart: { exec: { command: [sleep, infinity] } } }');
    const spec = `{ initContainers: [${hooked}], containers: [${hooked}] }`;
    for (const [, at, make] of podMakers) {
      expect(places(make(spec), namespace).toSorted()).toEqual([
        `${at}.containers[0].lifecycle.postStart`,
        `${at}.initContainers[0].lifecycle.postStart`,
      ]);
    }
  });

  it.each([
    ['metadata.finalizers', 'finalizers: [x/y]'],
    ['metadata.ownerReferences', 'ownerReferences: []'],
    ['metadata.managedFields', 'managedFields: []'],
    ['metadata.namespace', 'namespace: default'],
    [
      'metadata.annotations.nginx.ingress.kubernetes.io/server-snippet',
      'annotations: { nginx.ingress.kubernetes.io/server-snippet: "x" }',
    ],
  ])('%s is refused', (path, fields) => {
    const text = `{ apiVersion: v1, kind: ConfigMap, metadata: { name: a, ${fields} } }`;
    expect(places(text, namespace)).toEqual([path]);
  });

  /** What the workbench is, too: it has no label that a learner may name. */
  const aboutTheWorkbench = [
    '{}',
    '{ matchLabels: {} }',
    '{ matchExpressions: [{ key: a, operator: DoesNotExist }] }',
    '{ matchExpressions: [{ key: a, operator: NotIn, values: [b] }] }',
    '{ matchLabels: { topology.kubernetes.io/zone: a } }',
    '{ matchLabels: { nalabo.io/part: workbench } }',
  ];

  it.each(aboutTheWorkbench)('nothing that takes pods over or keeps them away selects by %s', (selector) => {
    for (const kind of ['Deployment', 'ReplicaSet', 'StatefulSet']) {
      const text = workload(kind, podSpec('')).replace('{ matchLabels: { a: b } }', selector);
      expect(places(text, namespace)).toEqual([expect.stringMatching(/^spec\.selector/)]);
    }
    const term = `{ topologyKey: kubernetes.io/hostname, labelSelector: ${selector} }`;
    const affinity = `affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [${term}] } }`;
    const found = places(pod(podSpec(affinity)), namespace);
    expect(found).toEqual([expect.stringMatching(/^spec\.affinity.*labelSelector/)]);
  });

  it.each(['{ matchExpressions: [{ key: a, operator: Exists }] }', '{ matchLabels: { a: b } }'])(
    'a controller selects its pods by %s',
    (selector) => {
      const text = workload('Deployment', podSpec('')).replace('{ matchLabels: { a: b } }', selector);
      expect(places(text, namespace)).toEqual([]);
    },
  );

  it('no Ingress is taken where sessions have no address', () => {
    const http = '{ paths: [{ path: /, backend: { service: { name: a, port: { number: 80 } } } }] }';
    const text = `{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: a }, spec: { rules: [{ host: a.b.org, http: ${http} }] } }`;
    expect(places(text, namespace)).toEqual(['spec.rules[0].host']);
  });
});
