import { flag, text } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { inContainer } from '../example-files.js';
import { anyText, objectName, quantity, shortText } from '../manifest-forms.js';
import { allow, completed, manifestTable } from '../manifest-table.js';

const inVariable = (fields: string): string => inContainer(`env: [{ ${completed(fields, { name: 'PAGE' })} }]`);
const inSource = (fields: string): string => inVariable(`name: PAGE, valueFrom: { ${fields} }`);
const inEnvironment = (fields: string): string => inContainer(`envFrom: [{ ${fields} }]`);

const optional = allow(flag, 'Write true or false.', 'true', '"yes"');

export const keyReferenceTable = manifestTable({
  id: 'key-reference',
  title: 'a key of a ConfigMap or a Secret',
  required: ['name', 'key'],
  wrap: (fields) => inSource(`configMapKeyRef: { ${completed(fields, { name: 'page', key: 'title' })} }`),
  rules: {
    name: allow(objectName, 'Name a ConfigMap or a Secret of your file.', 'page', 'Page_1'),
    key: allow(shortText, 'Name a key of it.', 'title', '1'),
    optional,
  },
});

export const objectReferenceTable = manifestTable({
  id: 'object-reference',
  title: 'a ConfigMap or a Secret',
  required: ['name'],
  wrap: (fields) => inEnvironment(`configMapRef: { ${completed(fields, { name: 'page' })} }`),
  rules: {
    name: allow(objectName, 'Name a ConfigMap or a Secret of your file.', 'page', 'Page_1'),
    optional,
  },
});

export const fieldReferenceTable = manifestTable({
  id: 'field-reference',
  title: 'a field of the pod',
  required: ['fieldPath'],
  wrap: (fields) => inSource(`fieldRef: { ${completed(fields, { fieldPath: 'metadata.name' })} }`),
  rules: {
    apiVersion: allow(text({ pattern: /^v1$/, longest: 2, says: 'v1' }), 'Leave it out.', 'v1', 'v2'),
    fieldPath: allow(
      text({
        pattern:
          /^(metadata\.(name|namespace|uid|labels(\['[^']{1,317}'\])?|annotations(\['[^']{1,317}'\])?)|spec\.(nodeName|serviceAccountName)|status\.(podIPs?|hostIPs?))$/,
        longest: 400,
        says: 'a field such as metadata.name or status.podIP',
      }),
      'Name a field of the pod that Kubernetes offers.',
      'status.podIP',
      'spec.containers',
    ),
  },
});

export const resourceReferenceTable = manifestTable({
  id: 'resource-reference',
  title: 'a limit or a request of a container',
  required: ['resource'],
  wrap: (fields) => inSource(`resourceFieldRef: { ${completed(fields, { resource: 'limits.memory' })} }`),
  rules: {
    containerName: allow(objectName, 'Name a container of the pod.', 'web', 'Web_1'),
    resource: allow(
      text({
        pattern: /^(limits|requests)\.(cpu|memory|ephemeral-storage)$/,
        longest: 40,
        says: 'a resource such as limits.memory',
      }),
      'Write, for example, limits.memory.',
      'limits.memory',
      'memory',
    ),
    divisor: allow(quantity, 'Write a quantity such as 1Mi.', '1Mi', 'one'),
  },
});

const aKey = '{ name: page, key: title }';

export const variableSourceTable = manifestTable({
  id: 'variable-source',
  title: 'where the value of a variable comes from',
  wrap: inSource,
  rules: {
    configMapKeyRef: allow(keysOf(keyReferenceTable), 'Write { name: …, key: … }.', aKey, 'page'),
    secretKeyRef: allow(keysOf(keyReferenceTable), 'Write { name: …, key: … }.', aKey, 'page'),
    fieldRef: allow(
      keysOf(fieldReferenceTable),
      'Write { fieldPath: … }.',
      '{ fieldPath: metadata.name }',
      'metadata.name',
    ),
    resourceFieldRef: allow(
      keysOf(resourceReferenceTable),
      'Write { resource: … }.',
      '{ resource: limits.cpu }',
      'limits.cpu',
    ),
  },
});

const variableName = text({
  pattern: /^[A-Za-z_][-._A-Za-z0-9]*$/,
  longest: 253,
  says: 'the name of a variable',
});

export const variableTable = manifestTable({
  id: 'variable',
  title: 'a variable of the environment',
  required: ['name'],
  wrap: inVariable,
  rules: {
    name: allow(variableName, 'Use letters, digits and _.', 'PAGE_TITLE', '1PAGE'),
    value: allow(anyText, 'Write numbers and truth values in quotes.', '"8080"', '8080'),
    valueFrom: allow(
      keysOf(variableSourceTable),
      'Name a key of a ConfigMap or a Secret.',
      `{ configMapKeyRef: ${aKey} }`,
      'page',
    ),
  },
});

export const environmentTable = manifestTable({
  id: 'environment-source',
  title: 'what the whole environment is taken from',
  wrap: inEnvironment,
  rules: {
    prefix: allow(variableName, 'Use letters, digits and _.', 'PAGE_', '"1"'),
    configMapRef: allow(keysOf(objectReferenceTable), 'Write { name: … }.', '{ name: page }', 'page'),
    secretRef: allow(keysOf(objectReferenceTable), 'Write { name: … }.', '{ name: page }', 'page'),
  },
});

export const variable = keysOf(variableTable);
export const environmentSource = keysOf(environmentTable);
export const fieldReference = keysOf(fieldReferenceTable);
export const resourceReference = keysOf(resourceReferenceTable);
