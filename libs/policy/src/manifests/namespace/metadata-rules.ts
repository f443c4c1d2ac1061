import { text } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { annotations, labels, objectName } from '../manifest-forms.js';
import { inWorkload, objectFile } from '../example-files.js';
import { allow, completed, manifestTable, refuseAll } from '../manifest-table.js';

const written = refuseAll(
  'only the API writes it',
  'Remove what `kubectl get --output=yaml` has added: keep name, labels and annotations.',
  {
    managedFields: '[]',
    uid: 'e2d0b5a4',
    resourceVersion: '"7"',
    generation: '1',
    creationTimestamp: '"2026-01-01T00:00:00Z"',
    deletionTimestamp: '"2026-01-01T00:00:00Z"',
    deletionGracePeriodSeconds: '0',
    selfLink: '/api/v1/pods/web',
  },
);

const marks = {
  labels: allow(
    labels,
    'Use names without a prefix, such as app, or those under app.kubernetes.io/.',
    '{ app: web, app.kubernetes.io/part-of: shop }',
    '{ istio.io/rev: stable }',
  ),
  annotations: allow(
    annotations,
    'Leave annotations out that tell a controller of the cluster what to do.',
    '{ kubernetes.io/change-cause: first, description: "a page" }',
    '{ nginx.ingress.kubernetes.io/configuration-snippet: "return 200;" }',
  ),
};

export const metadataTable = manifestTable({
  id: 'metadata',
  title: 'the metadata of an object',
  required: ['name'],
  wrap: (fields) => objectFile('v1', 'ConfigMap', `metadata: { ${completed(fields, { name: 'web' })} }`),
  rules: {
    name: allow(objectName, 'Use lower-case letters, digits and -.', 'web', 'Web_Server'),
    namespace: {
      verdict: 'ignored',
      note: 'Every object is made in the namespace of the session.',
      accepted: 'nalabo-session-example',
    },
    generateName: allow(
      text({ pattern: /^[a-z0-9][-a-z0-9.]*$/, longest: 50, says: 'the begin of a name, of 50 characters at most' }),
      'Write a name instead.',
      'web-',
      `${'a'.repeat(51)}`,
    ),
    ...marks,
    ...refuseAll('it keeps objects from being removed when the session ends', 'Leave it out.', {
      finalizers: '[x/y]',
      ownerReferences: '[{ apiVersion: v1, kind: ConfigMap, name: other, uid: e2d0b5a4 }]',
    }),
    ...written,
  },
});

export const metadata = keysOf(metadataTable);

export const templateMetadataTable = manifestTable({
  id: 'template-metadata',
  title: 'the metadata of a template',
  wrap: (fields) => {
    const spec = '{ containers: [{ name: web, image: nginx:alpine }] }';
    return inWorkload('Deployment', `template: { metadata: { ${fields} }, spec: ${spec} }`);
  },
  rules: {
    name: allow(objectName, 'Leave it out: the names of pods are made from that of the object.', 'web', 'Web_Server'),
    ...marks,
    ...refuseAll('a template makes pods that are like each other, in the same namespace', 'Leave it out.', {
      namespace: 'other',
      finalizers: '[x/y]',
      ownerReferences: '[]',
      generateName: 'web-',
    }),
  },
});

export const templateMetadata = keysOf(templateMetadataTable);
