import { listOf, oneOf } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { inPodSpec } from '../example-files.js';
import { equalitySelector, labelValue, selectorTerm } from '../manifest-forms.js';
import { allow, completed, manifestTable } from '../manifest-table.js';

const inSelector = (fields: string): string =>
  inPodSpec(
    `topologySpreadConstraints: [{ maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: { ${fields} } }]`,
  );

export const selectorRequirement = manifestTable({
  id: 'selector-requirement',
  title: 'a condition on labels',
  required: ['key', 'operator'],
  wrap: (fields) => inSelector(`matchExpressions: [{ ${completed(fields, { key: 'app', operator: 'Exists' })} }]`),
  rules: {
    key: allow(selectorTerm, 'Name a label of your own.', 'app', 'nalabo.io/part'),
    operator: allow(oneOf(['In', 'NotIn', 'Exists', 'DoesNotExist']), 'Use In or Exists.', 'Exists', 'Gt'),
    values: allow(listOf(labelValue, 32), 'Write the values in quotes.', '[web]', '[1]'),
  },
});

export const selectorTable = manifestTable({
  id: 'selector',
  title: 'a selector of labels',
  wrap: inSelector,
  rules: {
    matchLabels: allow(
      equalitySelector,
      'Name labels of your own.',
      '{ app: web }',
      '{ vcluster.loft.sh/managed-by: x }',
    ),
    matchExpressions: allow(
      listOf(keysOf(selectorRequirement), 20),
      'Write a list of conditions.',
      '[{ key: app, operator: Exists }]',
      'app',
    ),
  },
});

/** Which pods something is about, by their labels. */
export const selector = keysOf(selectorTable);
