import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computingTime } from '../computing-time.cases.js';
import { isMap } from '../rules/form.js';
import type { ManifestContext } from './manifest-context.js';
import { readManifests } from './read-manifests.js';

const image = 'nginx:alpine';
const namespace: ManifestContext = {
  isolation: 'namespace',
  namespace: 'nalabo-session-example',
  images: [image],
  hostSuffix: 'labs.example.org',
};
const virtual: ManifestContext = { isolation: 'virtual' };
const contexts = fc.constantFrom(namespace, virtual);

type Fields = Record<string, unknown>;

const containers = [
  {
    name: 'a',
    image,
    ports: [{ containerPort: 80 }],
    env: [{ name: 'A', value: '1' }],
    livenessProbe: { httpGet: { path: '/', port: 80 } },
    lifecycle: { preStop: { exec: { command: ['ls'] } } },
    resources: { limits: { cpu: 1, memory: '64Mi' } },
    securityContext: { capabilities: { drop: ['ALL'] } },
  },
];
const podSpec = {
  initContainers: containers,
  containers,
  securityContext: { runAsUser: 1000 },
  affinity: { podAntiAffinity: {} },
  volumes: [
    { name: 'a', emptyDir: {} },
    { name: 'b', projected: { sources: [{ configMap: { name: 'a' } }] } },
    { name: 'c', persistentVolumeClaim: { claimName: 'a' } },
  ],
};
const template = { metadata: { labels: { app: 'a' } }, spec: podSpec };
const selector = { matchLabels: { app: 'a' } };
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const backend = { service: { name: 'a', port: { number: 80 } } };
const object = (apiVersion: string, kind: string, spec: Fields): Fields => {
  return { apiVersion, kind, metadata: { name: 'a' }, spec };
};
const bases: readonly Fields[] = [
  object('v1', 'Pod', podSpec),
  object('apps/v1', 'Deployment', { selector, template }),
  object('apps/v1', 'StatefulSet', { selector, template, volumeClaimTemplates: [{ spec: claim }] }),
  object('apps/v1', 'ReplicaSet', { selector, template }),
  object('batch/v1', 'Job', { template }),
  object('batch/v1', 'CronJob', { schedule: '@daily', jobTemplate: { spec: { template } } }),
  object('v1', 'Service', { selector: { app: 'a' }, ports: [{ port: 80 }] }),
  object('v1', 'PersistentVolumeClaim', claim),
  object('networking.k8s.io/v1', 'Ingress', {
    rules: [{ host: 'a.labs.example.org', http: { paths: [{ path: '/', backend }] } }],
  }),
];

const hostile: readonly Fields[] = [
  { hostNetwork: true },
  { hostPID: true },
  { hostIPC: true },
  { hostUsers: true },
  { hostPath: { path: '/' } },
  { nfs: { server: '10.0.0.1', path: '/' } },
  { csi: { driver: 'x' } },
  { privileged: true },
  { allowPrivilegeEscalation: true },
  { capabilities: { add: ['SYS_ADMIN'] } },
  { add: ['SYS_ADMIN'] },
  { procMount: 'Unmasked' },
  { seccompProfile: { type: 'Unconfined' } },
  { type: 'Unconfined' },
  { type: 'LoadBalancer' },
  { runAsUser: 0 },
  { hostPort: 80 },
  { host: '169.254.169.254' },
  { host: 'www.example.org' },
  { tcpSocket: { host: '10.0.0.1', port: 80 } },
  { httpGet: { host: '10.0.0.1', port: 80 } },
  { serviceAccountToken: { path: 't' } },
  { serviceAccountName: 'admin' },
  { automountServiceAccountToken: true },
  { nodeName: 'a' },
  { nodeSelector: { a: 'b' } },
  { nodeAffinity: {} },
  { tolerations: [{ operator: 'Exists' }] },
  { priorityClassName: 'system-node-critical' },
  { runtimeClassName: 'a' },
  { schedulerName: 'a' },
  { resourceClaims: [{ name: 'a' }] },
  { hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }] },
  { dnsConfig: {} },
  { imagePullSecrets: [{ name: 'a' }] },
  { ephemeralContainers: [{ name: 'e', image, securityContext: { privileged: true } }] },
  { externalIPs: ['192.0.2.1'] },
  { externalName: 'a.org' },
  { finalizers: ['x/y'] },
  { ownerReferences: [{ name: 'a' }] },
  { volumeName: 'a' },
  { storageClassName: '' },
  { image: 'evil/miner' },
  { namespace: 'kube-system' },
  { kind: 'ClusterRole' },
  { labels: { 'nalabo.io/session': 'x' } },
  { annotations: { 'vcluster.loft.sh/object-name': 'x' } },
  { sysctls: [{ name: 'kernel.msgmax', value: '1' }] },
];

/** Keys of no meaning: the author chooses them. */
const free = ['selector', 'labels', 'matchLabels', 'annotations', 'data', 'limits', 'requests'];

/** Never there in what a session in a namespace applies. */
const absent = [
  ...['hostPath', 'nfs', 'csi', 'serviceAccountToken', 'nodeName', 'nodeAffinity', 'tolerations', 'priorityClassName'],
  ...['runtimeClassName', 'resourceClaims', 'hostAliases', 'dnsConfig', 'imagePullSecrets', 'ephemeralContainers'],
  ...['externalIPs', 'externalName', 'finalizers', 'ownerReferences', 'volumeName'],
];
const neverTrue = [
  ...['hostNetwork', 'hostPID', 'hostIPC', 'hostUsers', 'privileged', 'allowPrivilegeEscalation'],
  'automountServiceAccountToken',
];

/** What else a value of a key must not be. */
const forbidden: Readonly<Record<string, (value: unknown) => boolean>> = {
  ...Object.fromEntries(absent.map((key) => [key, () => true])),
  ...Object.fromEntries(neverTrue.map((key) => [key, (value: unknown) => value !== false])),
  add: (value) => JSON.stringify(value) !== '["NET_BIND_SERVICE"]',
  host: (value) => typeof value !== 'string' || !value.endsWith('.labs.example.org'),
  image: (value) => value !== image,
  type: (value) => value === 'Unconfined' || value === 'LoadBalancer',
  hostPort: (value) => value !== 0,
  runAsUser: (value) => value === 0,
  procMount: (value) => value !== 'Default',
  schedulerName: (value) => value !== 'default-scheduler',
  serviceAccountName: (value) => value !== 'default',
  storageClassName: (value) => value === '',
};

function isForbidden(key: string, value: unknown): boolean {
  if (/^(nalabo\.io|vcluster\.loft\.sh)\//.test(key)) return true;
  return Object.hasOwn(forbidden, key) && forbidden[key]?.(value) === true;
}

/** Walks on its own through what was accepted. */
function forbiddenIn(value: unknown, isFree = false): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => forbiddenIn(one));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => [
    ...(!isFree && isForbidden(key, one) ? [key] : []),
    ...forbiddenIn(one, free.includes(key)),
  ]);
}

const ofPods: readonly ((pod: Fields) => boolean)[] = [
  (pod) => pod['hostNetwork'] === true || pod['hostPID'] === true || pod['hostIPC'] === true,
  (pod) => 'nodeName' in pod || 'runtimeClassName' in pod || 'resourceClaims' in pod,
  ({ volumes }) => Array.isArray(volumes) && volumes.some((volume) => isMap(volume) && 'hostPath' in volume),
  ({ tolerations }) => Array.isArray(tolerations),
  ({ affinity }) => isMap(affinity) && 'nodeAffinity' in affinity,
];
const ofContainers: readonly ((container: Fields) => boolean)[] = [
  ({ securityContext }) => isMap(securityContext) && securityContext['privileged'] === true,
  ({ securityContext }) => addedTo(securityContext).includes('SYS_ADMIN'),
  ({ ports }) => Array.isArray(ports) && ports.some((port) => isMap(port) && port['hostPort'] === 80),
  ({ livenessProbe }) => isMap(livenessProbe) && callsOf(livenessProbe).some((call) => 'host' in call),
];

function addedTo(security: unknown): readonly unknown[] {
  const capabilities = isMap(security) ? security['capabilities'] : undefined;
  return isMap(capabilities) && Array.isArray(capabilities['add']) ? capabilities['add'] : [];
}

const callsOf = ({ httpGet, tcpSocket }: Fields): readonly Fields[] => [httpGet, tcpSocket].filter(isMap);

/** What must not be in the pods that were accepted in a virtual cluster, wherever they stand. */
function leaksOf(value: unknown): readonly string[] {
  const pods = mapsIn(value).filter((map) => Array.isArray(map['containers']));
  const inPods = pods.flatMap((one) => [one['initContainers'], one['containers'], one['ephemeralContainers']]);
  const all = inPods.flat().filter(isMap);
  return [
    ...ofPods.filter((isLeaking) => pods.some(isLeaking)),
    ...ofContainers.filter((isLeaking) => all.some(isLeaking)),
  ].map(String);
}

function mapsIn(value: unknown): readonly Fields[] {
  if (Array.isArray(value)) return value.flatMap(mapsIn);
  return isMap(value) ? [value, ...Object.values(value).flatMap(mapsIn)] : [];
}

/** An ordinary object into which fragments were put at any place. */
const mutated = fc
  .tuple(fc.constantFrom(...bases), fc.array(fc.tuple(fc.nat(), fc.constantFrom(...hostile)), { maxLength: 3 }))
  .map(([base, fragments]) => {
    const copy: Fields = JSON.parse(JSON.stringify(base));
    for (const [at, fragment] of fragments) {
      const maps = mapsIn(copy);
      Object.assign(maps[at % maps.length] ?? copy, structuredClone(fragment));
    }
    return copy;
  });

describe('a file of manifests', () => {
  it('that is anything at all is answered, and not by throwing', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          apiVersion: fc.constantFrom('v1', 'apps/v1'),
          kind: fc.constantFrom('Pod', 'Deployment'),
          metadata: fc.object(),
          spec: fc.object(),
        })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(anything, contexts, (text, context) => {
        const { objects, violations } = readManifests(text, context);
        expect(objects.length === 0).toBe(violations.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  it('that is ordinary is accepted', () => {
    for (const base of bases) {
      expect(readManifests(JSON.stringify(base), namespace).violations).toEqual([]);
      expect(readManifests(JSON.stringify(base), virtual).violations).toEqual([]);
    }
  });

  it('with hostile fragments is refused, or nothing of them is left', () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutated, (manifest) => {
        const { objects, violations } = readManifests(JSON.stringify(manifest), namespace);
        expect(violations.every(({ path, rule, hint }) => path !== '' && rule !== '' && hint !== '')).toBe(true);
        accepted += objects.length;
        expect(forbiddenIn(objects.map(({ content }) => content))).toEqual([]);
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  it('in a virtual cluster is refused, or its pods reach nothing outside', () => {
    fc.assert(
      fc.property(mutated, (manifest) => {
        const { objects } = readManifests(JSON.stringify(manifest), virtual);
        expect(leaksOf(objects.map(({ content }) => content))).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it('is read in a moment, whatever it is made of', () => {
    const many = { ...object('v1', 'Pod', { containers: Array(1500).fill({ name: 'a', image: 'x', x: 1 }) }) };
    const took = computingTime(() => {
      expect(readManifests(JSON.stringify(many), namespace).violations.length).toBeGreaterThan(0);
      expect(readManifests(JSON.stringify(many), virtual).violations).toEqual([]);
    });
    expect(took).toBeLessThan(2000);
  });
});
