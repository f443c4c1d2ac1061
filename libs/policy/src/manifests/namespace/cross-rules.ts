import { isMap } from '../../rules/form.js';
import type { Path } from '../../rules/scope.js';
import type { Breach, CrossCheck, ValueRule } from '../../rules/value-rule.js';
import { file, inContainer, inIngressRule, objectFile } from '../example-files.js';
import type { NamespaceContext } from '../manifest-context.js';
import type { ManifestObject } from '../manifest-object.js';
import { containersOf, itemsOf, valueAt } from '../pod-places.js';

/** What the rules look at: an object whose single values have been judged on their own. */
type Judged = Omit<ManifestObject, 'document' | 'line'>;

const aFile = (name: string): string => objectFile('v1', 'ConfigMap', `metadata: { name: ${name} }`);

/** Names of what the platform itself keeps in the namespace of a session. */
const reservedNames = ['workbench', 'session', 'session-kubeconfig', 'kube-root-ca.crt'];

export const namespaceCrossRules: readonly CrossCheck<Judged, NamespaceContext>[] = [
  {
    id: 'manifests.foreign-namespace',
    message: 'must be the namespace of the session',
    hint: 'Leave the namespace out.',
    examples: {
      accepted: aFile('web'),
      refused: aFile('web, namespace: kube-system'),
    },
    find: ({ namespace }, context) =>
      namespace === null || namespace === context.namespace ? [] : [{ path: ['metadata', 'namespace'] }],
  },
  {
    id: 'manifests.reserved-name',
    message: 'is the name of something of the platform',
    hint: 'Use another name.',
    examples: { accepted: aFile('shop'), refused: aFile('workbench') },
    find: ({ name }) =>
      reservedNames.includes(name) || name.startsWith('nalabo') ? [{ path: ['metadata', 'name'] }] : [],
  },
  {
    id: 'manifests.image',
    message: 'is no image of this workshop',
    hint: 'Use one of the images that the workshop names, exactly as it does.',
    examples: { accepted: inContainer('image: nginx:alpine'), refused: inContainer('image: docker.io/evil/miner') },
    find: ({ kind, content }, { images }) =>
      containersOf(kind, content)
        .filter(({ value }) => typeof value['image'] === 'string' && !images.includes(value['image']))
        .map(({ path }): Breach => ({ path: [...path, 'image'] })),
  },
  {
    id: 'manifests.ingress-host',
    message: 'is no host of this session',
    hint: 'Use a host under the address that the session has been given.',
    examples: {
      accepted: inIngressRule('host: web.labs.example.org'),
      refused: inIngressRule('host: www.example.org'),
    },
    find: ({ kind, content }, { hostSuffix }) =>
      kind === 'Ingress'
        ? hostsOf(content).flatMap(({ path, host }) => (isUnder(host, hostSuffix) ? [] : [{ path }]))
        : [],
  },
];

function isUnder(host: unknown, suffix: string | null): boolean {
  return typeof host === 'string' && suffix !== null && host.endsWith(`.${suffix}`);
}

function hostsOf(content: ManifestObject['content']): readonly { readonly path: Path; readonly host: unknown }[] {
  const rules = itemsOf(valueAt(content, ['spec', 'rules'])).flatMap((rule, index) =>
    isMap(rule) && 'host' in rule ? [{ path: ['spec', 'rules', index, 'host'], host: rule['host'] }] : [],
  );
  const certificates = itemsOf(valueAt(content, ['spec', 'tls'])).flatMap((tls, index) =>
    itemsOf(isMap(tls) ? tls['hosts'] : []).map((host, at) => ({ path: ['spec', 'tls', index, 'hosts', at], host })),
  );
  return [...rules, ...certificates];
}

/** The kind decides what is read at all. */
export const kindRule: ValueRule = {
  id: 'manifests.kind-refused',
  message: 'is a kind that a session without a cluster of its own cannot make',
  hint: 'Use Pod, Deployment, StatefulSet, ReplicaSet, Job, CronJob, Service, ConfigMap, Secret, PersistentVolumeClaim, Ingress or HorizontalPodAutoscaler.',
  examples: { accepted: aFile('web'), refused: file('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', '') },
};

export const versionRule: ValueRule = {
  id: 'manifests.version-refused',
  message: 'is a version of the kind that is not read here',
  hint: 'Use v1, apps/v1, batch/v1, networking.k8s.io/v1 or autoscaling/v2, as the kind has it.',
  examples: { accepted: aFile('web'), refused: file('apps/v1beta1', 'Deployment', '') },
};
