import { flag, listOf, oneOf } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { inVolume } from '../example-files.js';
import { bytes, fileMode, innerPath, label, objectName, shortText } from '../manifest-forms.js';
import { allow, completed, manifestTable, refuseAll } from '../manifest-table.js';
import { claimTemplate } from './claim-rules.js';
import { fieldReference, resourceReference } from './environment-rules.js';

const optional = allow(flag, 'Write true or false.', 'true', '"yes"');
const mode = allow(fileMode, 'Write a mode such as 0o644.', '0o644', '"0644"');

export const itemTable = manifestTable({
  id: 'volume-item',
  title: 'a file of a volume',
  required: ['key', 'path'],
  wrap: (fields) => inVolume(`configMap: { name: page, items: [{ ${completed(fields, { key: 'a', path: 'a' })} }] }`),
  rules: {
    key: allow(shortText, 'Name a key.', 'index.html', '1'),
    path: allow(innerPath, 'Use a path inside the volume.', 'html/index.html', '../index.html'),
    mode,
  },
});

const items = allow(listOf(keysOf(itemTable), 50), 'List { key, path }.', '[{ key: a, path: a }]', '{}');
const name = allow(objectName, 'Name an object of your file.', 'page', 'Page_1');

export const configMapVolumeTable = manifestTable({
  id: 'volume-config-map',
  title: 'the files of a ConfigMap',
  required: ['name'],
  wrap: (fields) => inVolume(`configMap: { ${completed(fields, { name: 'page' })} }`),
  rules: { name, items, defaultMode: mode, optional },
});

export const secretVolumeTable = manifestTable({
  id: 'volume-secret',
  title: 'the files of a Secret',
  required: ['secretName'],
  wrap: (fields) => inVolume(`secret: { ${completed(fields, { secretName: 'keys' })} }`),
  rules: { secretName: name, items, defaultMode: mode, optional },
});

export const emptyDirTable = manifestTable({
  id: 'volume-empty-dir',
  title: 'a folder that ends with its pod',
  wrap: (fields) => inVolume(`emptyDir: { ${fields} }`),
  rules: {
    medium: allow(oneOf(['', 'Memory']), 'Leave it out, or write Memory.', 'Memory', 'HugePages'),
    sizeLimit: allow(bytes('1Gi'), 'Write an amount up to 1Gi.', '64Mi', '2Gi'),
  },
});

export const claimVolumeTable = manifestTable({
  id: 'volume-claim',
  title: 'the volume of a claim',
  required: ['claimName'],
  wrap: (fields) => inVolume(`persistentVolumeClaim: { ${completed(fields, { claimName: 'data' })} }`),
  rules: { claimName: name, readOnly: allow(flag, 'Write true or false.', 'true', '"yes"') },
});

export const downwardFileTable = manifestTable({
  id: 'volume-downward-file',
  title: 'a file with a field of the pod',
  required: ['path'],
  wrap: (fields) => {
    const fieldRef = '{ fieldPath: metadata.name }';
    return inVolume(`downwardAPI: { items: [{ ${completed(fields, { path: 'name', fieldRef })} }] }`);
  },
  rules: {
    path: allow(innerPath, 'Use a path inside the volume.', 'labels', '/labels'),
    fieldRef: allow(fieldReference, 'Write { fieldPath: … }.', '{ fieldPath: metadata.labels }', 'metadata.labels'),
    resourceFieldRef: allow(
      resourceReference,
      'Write { containerName: …, resource: … }.',
      '{ containerName: web, resource: limits.cpu }',
      'limits.cpu',
    ),
    mode,
  },
});

const downwardFiles = allow(
  listOf(keysOf(downwardFileTable), 20),
  'List { path, fieldRef }.',
  '[{ path: labels, fieldRef: { fieldPath: metadata.labels } }]',
  '{}',
);

export const downwardVolumeTable = manifestTable({
  id: 'volume-downward',
  title: 'files with fields of the pod',
  wrap: (fields) => inVolume(`downwardAPI: { ${fields} }`),
  rules: { items: downwardFiles, defaultMode: mode },
});

const inProjection = (fields: string): string => inVolume(`projected: { sources: [{ ${fields} }] }`);

export const projectedObjectTable = manifestTable({
  id: 'projected-object',
  title: 'a ConfigMap or a Secret among others',
  required: ['name'],
  wrap: (fields) => inProjection(`configMap: { ${completed(fields, { name: 'page' })} }`),
  rules: { name, items, optional },
});

export const projectedDownwardTable = manifestTable({
  id: 'projected-downward',
  title: 'fields of the pod among others',
  wrap: (fields) => inProjection(`downwardAPI: { ${fields} }`),
  rules: { items: downwardFiles },
});

export const projectionTable = manifestTable({
  id: 'projection',
  title: 'a part of a projected volume',
  wrap: inProjection,
  rules: {
    configMap: allow(keysOf(projectedObjectTable), 'Write { name: … }.', '{ name: page }', 'page'),
    secret: allow(keysOf(projectedObjectTable), 'Write { name: … }.', '{ name: keys }', 'keys'),
    downwardAPI: allow(keysOf(projectedDownwardTable), 'Write { items: … }.', '{ items: [] }', '[]'),
    ...refuseAll('pods of a session have no identity at the cluster', 'Leave it out.', {
      serviceAccountToken: '{ path: token }',
      clusterTrustBundle: '{ path: ca }',
      podCertificate: '{ keyType: ED25519 }',
    }),
  },
});

export const projectedVolumeTable = manifestTable({
  id: 'volume-projected',
  title: 'several sources in one volume',
  wrap: (fields) => inVolume(`projected: { ${fields} }`),
  rules: {
    sources: allow(
      listOf(keysOf(projectionTable), 10),
      'List sources such as configMap.',
      '[{ configMap: { name: page } }]',
      '{}',
    ),
    defaultMode: mode,
  },
});

export const ephemeralVolumeTable = manifestTable({
  id: 'volume-ephemeral',
  title: 'a claim that ends with its pod',
  required: ['volumeClaimTemplate'],
  wrap: (fields) => {
    const volumeClaimTemplate = '{ spec: { resources: { requests: { storage: 1Gi } } } }';
    return inVolume(`ephemeral: { ${completed(fields, { volumeClaimTemplate })} }`);
  },
  rules: {
    volumeClaimTemplate: allow(
      claimTemplate,
      'Write { spec: … } as in a PersistentVolumeClaim.',
      '{ spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }',
      '1Gi',
    ),
  },
});

export const hostVolumes = refuseAll(
  'nodes fetch it, or hold it, past everything that keeps sessions apart',
  'Use configMap, secret, emptyDir or persistentVolumeClaim.',
  {
    hostPath: '{ path: / }',
    nfs: '{ server: 10.0.0.1, path: / }',
    csi: '{ driver: secrets-store.csi.k8s.io }',
    iscsi: '{ targetPortal: "10.0.0.1:3260", iqn: iqn.2026-01.org.example, lun: 0 }',
    gitRepo: '{ repository: "https://example.org/x.git" }',
    flexVolume: '{ driver: example.org/x }',
    image: '{ reference: alpine }',
    cephfs: '{ monitors: ["10.0.0.1"] }',
    glusterfs: '{ endpoints: g, path: v }',
    rbd: '{ monitors: ["10.0.0.1"], image: x }',
    fc: '{ lun: 0 }',
    awsElasticBlockStore: '{ volumeID: vol-1 }',
    azureDisk: '{ diskName: d, diskURI: u }',
    azureFile: '{ secretName: s, shareName: s }',
    gcePersistentDisk: '{ pdName: d }',
    cinder: '{ volumeID: v }',
    vsphereVolume: '{ volumePath: v }',
    portworxVolume: '{ volumeID: v }',
    quobyte: '{ registry: r, volume: v }',
    scaleIO: '{ system: s }',
    storageos: '{ volumeName: v }',
    flocker: '{ datasetName: d }',
    photonPersistentDisk: '{ pdID: d }',
  },
);

export const volumeTable = manifestTable({
  id: 'volume',
  title: 'a volume of a pod',
  required: ['name'],
  wrap: inVolume,
  rules: {
    name: allow(label, 'Use lower-case letters, digits and -.', 'data', 'Data'),
    configMap: allow(keysOf(configMapVolumeTable), 'Write { name: … }.', '{ name: page }', 'page'),
    secret: allow(keysOf(secretVolumeTable), 'Write { secretName: … }.', '{ secretName: keys }', 'keys'),
    emptyDir: allow(keysOf(emptyDirTable), 'Write { sizeLimit: 64Mi }.', '{}', '64Mi'),
    persistentVolumeClaim: allow(keysOf(claimVolumeTable), 'Write { claimName: … }.', '{ claimName: data }', 'data'),
    downwardAPI: allow(keysOf(downwardVolumeTable), 'Write { items: … }.', '{ items: [] }', '[]'),
    projected: allow(keysOf(projectedVolumeTable), 'Write { sources: … }.', '{ sources: [] }', '[]'),
    ephemeral: allow(
      keysOf(ephemeralVolumeTable),
      'Write { volumeClaimTemplate: … }.',
      '{ volumeClaimTemplate: { spec: { resources: { requests: { storage: 1Gi } } } } }',
      '1Gi',
    ),
    ...hostVolumes,
  },
});

export const volume = keysOf(volumeTable);
