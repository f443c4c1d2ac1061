import type { Breach, CorpusId, ManifestRow } from './corpus-row.js';

const pod = (spec: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  ${spec}\n`;
const containers = 'containers: [{ name: a, image: "nginx:alpine" }]';
const cronJob = (spec: string): string =>
  `apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: a }\nspec:\n  schedule: "@daily"\n  jobTemplate: { spec: { template: { spec: { restartPolicy: Never, ${spec} } } } }\n`;
const service = (spec: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec:\n  selector: { a: b }\n  ports: [{ port: 80 }]\n  ${spec}\n`;
const configMap = (metadata: string, name = 'a'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, ${metadata} }\n`;
const only = (apiVersion: string, kind: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\n`;
const moreRights = 'securityContext: { capabilities: { add: [SYS_ADMIN] } }';
const snippet = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: a
  annotations: { nginx.ingress.kubernetes.io/server-snippet: x }
spec:
  rules:
    - host: a.labs.example.org
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: a, port: { number: 80 } } } }] }
`;

interface Judged {
  readonly virtual: readonly Breach[];
  readonly namespace: readonly Breach[];
}

const row = (id: CorpusId, what: string, configuration: string, breaks: Judged): ManifestRow => {
  return { id, what, configuration, ...breaks };
};
/** Refused wherever it goes, at the same place. */
const refused = (path: string, line: number | null, virtual: string, namespace = virtual): Judged => ({
  virtual: [[virtual, path, line]],
  namespace: [[namespace, path, line]],
});
/** Allowed in a cluster of the learner's own: it means nothing outside of that. */
const ownCluster = (...namespace: readonly Breach[]): Judged => ({ virtual: [], namespace });

/** Lines of a pod, from the one of its containers. */
const [containersLine, nextLine] = [5, 6];
const inPod = (id: CorpusId, field: string, rest = ''): ManifestRow =>
  row(
    id,
    field,
    pod(`${containers}\n  ${field}: ${rest}`),
    refused(`spec.${field}`, nextLine, `manifests.virtual.${field}`, `manifests.pod-spec.${field}`),
  );

const pods: readonly ManifestRow[] = [
  row(
    'B56',
    'hostPath',
    pod(`${containers}\n  volumes: [{ name: a, hostPath: { path: / } }]`),
    refused('spec.volumes[0].hostPath', nextLine, 'manifests.virtual.volume.hostPath', 'manifests.volume.hostPath'),
  ),
  inPod('B56', 'hostNetwork', 'true'),
  row(
    'B56',
    'privileged in an initial container',
    pod(`${containers}\n  initContainers: [{ name: b, image: "nginx:alpine", securityContext: { privileged: true } }]`),
    refused(
      'spec.initContainers[0].securityContext.privileged',
      nextLine,
      'manifests.virtual.privileged',
      'manifests.container-security.privileged',
    ),
  ),
  row(
    'B56',
    'hostPort',
    pod('containers: [{ name: a, image: "nginx:alpine", ports: [{ containerPort: 80, hostPort: 80 }] }]'),
    refused(
      'spec.containers[0].ports[0].hostPort',
      containersLine,
      'manifests.virtual.hostPort',
      'manifests.container-port.hostPort',
    ),
  ),
  row(
    'B56',
    'a capability in an ephemeral container',
    pod(`${containers}\n  ephemeralContainers: [{ name: b, image: "nginx:alpine", ${moreRights} }]`),
    {
      virtual: [
        [
          'manifests.virtual.capabilities.add',
          'spec.ephemeralContainers[0].securityContext.capabilities.add[0]',
          nextLine,
        ],
      ],
      namespace: [['manifests.pod-spec.ephemeralContainers', 'spec.ephemeralContainers', nextLine]],
    },
  ),
  row(
    'B56',
    'a capability in the template of a CronJob',
    cronJob(`containers: [{ name: a, image: "nginx:alpine", ${moreRights} }]`),
    refused(
      'spec.jobTemplate.spec.template.spec.containers[0].securityContext.capabilities.add[0]',
      nextLine,
      'manifests.virtual.capabilities.add',
      'manifests.capabilities.add',
    ),
  ),
  row(
    'B58',
    'serviceAccountName',
    pod(`${containers}\n  serviceAccountName: admin`),
    ownCluster(['manifests.pod-spec.serviceAccountName', 'spec.serviceAccountName', nextLine]),
  ),
  row(
    'B58',
    'a projected token',
    pod(`${containers}\n  volumes: [{ name: a, projected: { sources: [{ serviceAccountToken: { path: t } }] } }]`),
    ownCluster([
      'manifests.projection.serviceAccountToken',
      'spec.volumes[0].projected.sources[0].serviceAccountToken',
      nextLine,
    ]),
  ),
  row(
    'B58',
    'automountServiceAccountToken',
    pod(`${containers}\n  automountServiceAccountToken: true`),
    ownCluster(['manifests.pod-spec.automountServiceAccountToken', 'spec.automountServiceAccountToken', nextLine]),
  ),
  row(
    'B59',
    'a probe of another host',
    pod(
      'containers: [{ name: a, image: "nginx:alpine", livenessProbe: { httpGet: { host: 169.254.169.254, port: 80 } } }]',
    ),
    refused(
      'spec.containers[0].livenessProbe.httpGet.host',
      containersLine,
      'manifests.virtual.livenessProbe.httpGet.host',
      'manifests.probe-http.host',
    ),
  ),
  inPod('B60', 'nodeName', 'node-1'),
  inPod('B60', 'runtimeClassName', 'runc'),
  inPod('B60', 'priorityClassName', 'system-node-critical'),
  row('B60', 'tolerations', pod(`${containers}\n  tolerations: [{ operator: Exists }]`), {
    virtual: [['manifests.virtual.tolerations', 'spec.tolerations[0]', nextLine]],
    namespace: [['manifests.pod-spec.tolerations', 'spec.tolerations', nextLine]],
  }),
];

const services: readonly ManifestRow[] = [
  row(
    'B59',
    'externalIPs',
    service('externalIPs: [192.0.2.1]'),
    refused('spec.externalIPs', 7, 'manifests.virtual.externalIPs', 'manifests.service.externalIPs'),
  ),
  row(
    'B59',
    'a LoadBalancer',
    service('type: LoadBalancer'),
    refused('spec.type', 7, 'manifests.virtual.service-type', 'manifests.service.type'),
  ),
  // The quota of the host leaves a virtual cluster no port of its nodes.
  row('B59', 'a NodePort', service('type: NodePort'), ownCluster(['manifests.service.type', 'spec.type', 7])),
  row(
    'B59',
    'an ExternalName',
    service('type: ExternalName\n  externalName: example.org'),
    ownCluster(['manifests.service.type', 'spec.type', 7], ['manifests.service.externalName', 'spec.externalName', 8]),
  ),
  row(
    'B59',
    'a snippet for the ingress controller',
    snippet,
    ownCluster([
      'manifests.metadata.annotations',
      'metadata.annotations.nginx.ingress.kubernetes.io/server-snippet',
      5,
    ]),
  ),
];

const clusterWide: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
  ['v1', 'Namespace'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
  ['apiregistration.k8s.io/v1', 'APIService'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
];

const objects: readonly ManifestRow[] = [
  row(
    'B47',
    'a label of ours',
    configMap('labels: { nalabo.io/session: SESSION }'),
    refused('metadata.labels.nalabo.io/session', 3, 'yaml.reserved-name'),
  ),
  row(
    'B57',
    'another namespace',
    configMap('namespace: kube-system'),
    refused('metadata.namespace', 3, 'manifests.virtual.system-namespace', 'manifests.foreign-namespace'),
  ),
  ...clusterWide.map(([apiVersion, kind]) =>
    row('B57', `a ${kind}`, only(apiVersion, kind), ownCluster(['manifests.kind-refused', 'kind', 2])),
  ),
  ...['finalizers: [x/y]', 'ownerReferences: []'].map((field) => {
    const [key = ''] = field.split(':');
    return row('B60', key, configMap(field), ownCluster([`manifests.metadata.${key}`, `metadata.${key}`, 3]));
  }),
  row(
    'B61',
    'a ConfigMap of 500 KiB',
    `${configMap('')}data: { a: "${'x'.repeat(500 * 1024)}" }`,
    refused('', null, 'yaml.size'),
  ),
  row('B61', '31 documents', `${configMap('')}---\n`.repeat(31), refused('', 124, 'yaml.documents')),
  row(
    'B61',
    'a List of 200 items',
    `apiVersion: v1\nkind: List\nitems:\n${`- ${configMap('').replaceAll('\n', '\n  ').trimEnd()}\n`.repeat(200)}`,
    refused('', null, 'manifests.objects'),
  ),
  row(
    'B62',
    'one bad object between two good ones',
    `${configMap('')}---\n${pod(`${containers}\n  hostPID: true`)}---\n${configMap('', 'b')}`,
    refused('spec.hostPID', 10, 'manifests.virtual.hostPID', 'manifests.pod-spec.hostPID'),
  ),
];

export const manifestRows: readonly ManifestRow[] = [...pods, ...services, ...objects];
