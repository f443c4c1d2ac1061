import { listOf, oneOf } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { inClaim, inVolume } from '../example-files.js';
import { bytes, objectName } from '../manifest-forms.js';
import { allow, completed, manifestTable, refuse, refuseAll } from '../manifest-table.js';
import { templateMetadata } from './metadata-rules.js';

const inAmounts = (fields: string): string => inClaim(`resources: { requests: { ${fields} } }`);

export const claimAmountTable = manifestTable({
  id: 'claim-amounts',
  title: 'amounts of storage',
  wrap: inAmounts,
  rules: { storage: allow(bytes('100Gi'), 'Write an amount such as 1Gi.', '1Gi', '1Ei') },
});

export const claimResourcesTable = manifestTable({
  id: 'claim-resources',
  title: 'the resources of a claim',
  wrap: (fields) => inClaim(`resources: { ${fields} }`),
  rules: {
    requests: allow(keysOf(claimAmountTable), 'Write { storage: 1Gi }.', '{ storage: 1Gi }', '1Gi'),
    limits: allow(keysOf(claimAmountTable), 'Write { storage: 1Gi }.', '{ storage: 1Gi }', '1Gi'),
  },
});

export const claimSpecTable = manifestTable({
  id: 'claim',
  title: 'a claim to storage',
  required: ['resources'],
  wrap: inClaim,
  rules: {
    accessModes: allow(
      listOf(oneOf(['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod']), 4),
      'Write [ReadWriteOnce].',
      '[ReadWriteOnce]',
      '[Write]',
    ),
    resources: allow(
      keysOf(claimResourcesTable),
      'Write { requests: { storage: 1Gi } }.',
      '{ requests: { storage: 1Gi } }',
      '1Gi',
    ),
    storageClassName: allow(objectName, 'Leave it out for the storage of the cluster.', 'standard', '""'),
    volumeMode: allow(oneOf(['Filesystem']), 'Leave it out.', 'Filesystem', 'Block'),
    ...refuseAll('it would take a volume of somebody else', 'Leave it out: a new volume is made.', {
      volumeName: 'other',
      selector: '{ matchLabels: { app: other } }',
      dataSource: '{ kind: PersistentVolumeClaim, name: other }',
      dataSourceRef: '{ kind: PersistentVolumeClaim, name: other, namespace: other }',
    }),
    volumeAttributesClassName: refuse('storage is chosen by the platform', 'Leave it out.', 'gold'),
  },
});

export const claimTemplateTable = manifestTable({
  id: 'claim-template',
  title: 'the template of a claim',
  required: ['spec'],
  wrap: (fields) => {
    const spec = '{ resources: { requests: { storage: 1Gi } } }';
    return inVolume(`ephemeral: { volumeClaimTemplate: { ${completed(fields, { spec })} } }`);
  },
  rules: {
    metadata: allow(templateMetadata, 'Write { labels: … }.', '{ labels: { app: web } }', 'web'),
    spec: allow(
      keysOf(claimSpecTable),
      'Write the spec of a PersistentVolumeClaim.',
      '{ resources: { requests: { storage: 1Gi } } }',
      '1Gi',
    ),
  },
});

export const claimSpec = keysOf(claimSpecTable);
export const claimTemplate = keysOf(claimTemplateTable);
