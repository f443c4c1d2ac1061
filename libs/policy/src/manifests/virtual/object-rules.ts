import { type Form, isMap, oneOf, text } from '../../rules/form.js';
import { file, inClaim, inService, objectFile } from '../example-files.js';
import type { PlaceRule } from './place-rule.js';

const id = (rest: string): string => `manifests.virtual.${rest}`;

/** Keys of which none begins like those. */
function without(prefixes: RegExp, says: string): Form<unknown> {
  return {
    says,
    read(value, scope) {
      const found = isMap(value) && Object.keys(value).some((key) => prefixes.test(key));
      return found ? scope.refuse(`must be ${says}`) : value;
    },
  };
}

const withMetadata = (fields: string): string => objectFile('v1', 'ConfigMap', `metadata: { name: web, ${fields} }`);

/** The virtual cluster follows its own marks, whoever has written them. */
const reserved = without(/^(nalabo\.io|vcluster\.loft\.sh)\//, 'names that are not reserved');

/**
 * Annotations go along to the host with Pods, Services and claims. What begins like this makes something on a host act:
 * networks of nodes, sidecars, DNS, load balancers, profiles of processes, runtimes and the scaling of nodes.
 */
const acting = without(
  new RegExp(
    `^(${[
      'k8s.v1.cni.cncf.io/',
      'v1.multus-cni.io/',
      'k8s.ovn.org/',
      'cni.projectcalico.org/',
      'io.cilium',
      'container.apparmor.security.beta.kubernetes.io/',
      'seccomp.security.alpha.kubernetes.io/',
      'container.seccomp.security.alpha.kubernetes.io/',
      'io.kubernetes.cri-o.',
      'io.katacontainers.',
      'dev.gvisor.',
      'cluster-autoscaler.kubernetes.io/',
      'sidecar.istio.io/',
      'linkerd.io/',
      'config.linkerd.io/',
      'vault.hashicorp.com/',
      'external-dns.alpha.kubernetes.io/',
      'service.beta.kubernetes.io/',
      'service.kubernetes.io/',
      'metallb.io/',
      'metallb.universe.tf/',
      'cloud.google.com/',
      'eks.amazonaws.com/',
      'azure.workload.identity/',
      'volume.kubernetes.io/',
      'volume.beta.kubernetes.io/',
    ]
      .map((prefix) => prefix.replaceAll('.', String.raw`\.`))
      .join('|')})`,
  ),
  'annotations that nothing outside of the session acts on',
);

export const virtualMetadataRules: readonly PlaceRule[] = (['labels', 'annotations'] as const).map((key) => ({
  id: id(`reserved-${key}`),
  at: [key],
  form: reserved,
  message: 'has a name that is reserved',
  hint: 'Use names of your own.',
  examples: {
    accepted: withMetadata(`${key}: { app: web }`),
    refused: withMetadata(`${key}: { vcluster.loft.sh/object-name: other }`),
  },
}));

/** From the metadata of Pods, their templates, Services and claims on. */
export const virtualAnnotationRules: readonly PlaceRule[] = [
  {
    id: id('acting-annotation'),
    at: ['annotations'],
    form: acting,
    message: 'has an annotation that something outside of the session acts on',
    hint: 'Leave the annotation out.',
    examples: {
      accepted: objectFile('v1', 'Service', 'metadata: { name: web, annotations: { prometheus.io/scrape: "true" } }'),
      refused: objectFile(
        'v1',
        'Service',
        'metadata: { name: web, annotations: { external-dns.alpha.kubernetes.io/hostname: www.example.org } }',
      ),
    },
  },
];

/** From the spec of a Service on. */
export const virtualServiceRules: readonly PlaceRule[] = [
  ...(
    [
      ['externalIPs', '[192.0.2.1]'],
      ['loadBalancerIP', '192.0.2.1'],
      ['loadBalancerClass', 'example.com/own'],
    ] as const
  ).map(([key, value]) => ({
    id: id(key),
    at: [key],
    message: 'is refused: addresses outside of the session would be taken over',
    hint: 'Leave it out.',
    examples: { accepted: inService(''), refused: inService(`${key}: ${value}`) },
  })),
  {
    id: id('service-type'),
    at: ['type'],
    form: oneOf(['ClusterIP', 'NodePort', 'ExternalName']),
    message: 'is refused: the host would be asked for an address',
    hint: 'Use ClusterIP or NodePort.',
    examples: { accepted: inService('type: NodePort'), refused: inService('type: LoadBalancer') },
  },
];

const foreign = { message: 'is refused: it would take a volume of somebody else', hint: 'Leave it out.' };

/** From the spec of a claim on: the host makes the volume. */
export const virtualClaimRules: readonly PlaceRule[] = [
  {
    ...foreign,
    id: id('volumeName'),
    at: ['volumeName'],
    examples: { accepted: inClaim(''), refused: inClaim('volumeName: other') },
  },
  {
    ...foreign,
    id: id('storageClassName'),
    at: ['storageClassName'],
    form: text({ pattern: /./, longest: 253, says: 'the name of a class' }),
    examples: { accepted: inClaim('storageClassName: standard'), refused: inClaim('storageClassName: ""') },
  },
  {
    ...foreign,
    id: id('dataSourceRef'),
    at: ['dataSourceRef', 'namespace'],
    examples: {
      accepted: inClaim(''),
      refused: inClaim('dataSourceRef: { kind: PersistentVolumeClaim, name: other, namespace: other }'),
    },
  },
];

/** From the object itself on. */
export const virtualObjectRules: readonly PlaceRule[] = [
  {
    id: id('system-namespace'),
    at: ['metadata', 'namespace'],
    form: text({ pattern: /^(?!kube-system$)/, longest: 253, says: 'a namespace other than kube-system' }),
    message: 'is refused: the platform keeps the cluster running from there',
    hint: 'Use a namespace of your own.',
    examples: { accepted: withMetadata('namespace: shop'), refused: withMetadata('namespace: kube-system') },
  },
];

/** From a Namespace on. */
export const virtualNamespaceRules: readonly PlaceRule[] = [
  {
    id: id('system-namespace-itself'),
    at: ['metadata', 'name'],
    form: text({ pattern: /^(?!kube-system$)/, longest: 253, says: 'a namespace other than kube-system' }),
    message: 'is refused: the platform keeps the cluster running from there',
    hint: 'Make a namespace of your own.',
    examples: {
      accepted: file('v1', 'Namespace', ''),
      refused: '{ apiVersion: v1, kind: Namespace, metadata: { name: kube-system } }',
    },
  },
];

/** No object of any cluster, but the way into one. */
export const virtualConfigRules: readonly PlaceRule[] = [
  {
    id: id('kubeconfig'),
    at: ['kind'],
    message: 'is refused: files are always applied to the session itself',
    hint: 'Leave the kubeconfig out.',
    examples: { accepted: file('v1', 'ConfigMap', ''), refused: file('v1', 'Config', '') },
  },
];
