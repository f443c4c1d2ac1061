import { type Form, listOf, oneOf, type ReadAs } from '../../rules/form.js';
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

const conditions = keysOf(selectorTable);

/**
 * Which pods something is about, by a label that they have. One that only says what they have not is about the workbench
 * too: a controller would take it for a pod of its own and end it, and a pod could keep it off its node.
 */
export const selector: Form<ReadAs<typeof conditions>> = {
  says: 'a selector with a label that the pods have',
  read(value, scope) {
    const read = conditions.read(value, scope);
    if (read === undefined || demandsLabel(read)) return read;
    return scope.refuse('must name at least one label that the pods have');
  },
};

function demandsLabel({ matchLabels = {}, matchExpressions = [] }: ReadAs<typeof conditions>): boolean {
  const demands = matchExpressions.filter(({ operator }) => operator === 'In' || operator === 'Exists');
  return Object.keys(matchLabels).length + demands.length > 0;
}
