import { listOf, oneOf, wholeNumber } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { inPodSpec } from '../example-files.js';
import { allow, completed, manifestTable, refuse, refuseAll } from '../manifest-table.js';
import { selector } from './selector-rules.js';

const topology = allow(
  oneOf(['kubernetes.io/hostname', 'topology.kubernetes.io/zone', 'topology.kubernetes.io/region']),
  'Write kubernetes.io/hostname.',
  'kubernetes.io/hostname',
  'example.com/owner',
);

const pods = allow(selector, 'Write { matchLabels: … }.', '{ matchLabels: { app: web } }', 'web');

const inAntiAffinity = (fields: string): string => inPodSpec(`affinity: { podAntiAffinity: { ${fields} } }`);
const aTerm = { topologyKey: 'kubernetes.io/hostname' };

export const affinityTermTable = manifestTable({
  id: 'affinity-term',
  title: 'which pods to be near to or far from',
  required: ['topologyKey'],
  wrap: (fields) => inAntiAffinity(`requiredDuringSchedulingIgnoredDuringExecution: [{ ${completed(fields, aTerm)} }]`),
  rules: {
    labelSelector: pods,
    topologyKey: topology,
    ...refuseAll('pods of others are not to be found out about', 'Leave it out.', {
      namespaces: '[other]',
      namespaceSelector: '{}',
    }),
  },
});

const weighted = 'preferredDuringSchedulingIgnoredDuringExecution';

export const weightedTermTable = manifestTable({
  id: 'affinity-weighted-term',
  title: 'a wish with its weight',
  required: ['weight', 'podAffinityTerm'],
  wrap: (fields) => {
    const needed = { weight: '1', podAffinityTerm: '{ topologyKey: kubernetes.io/hostname }' };
    return inAntiAffinity(`${weighted}: [{ ${completed(fields, needed)} }]`);
  },
  rules: {
    weight: allow(wholeNumber(1, 100), 'Write a number from 1 to 100.', '100', '0'),
    podAffinityTerm: allow(
      keysOf(affinityTermTable),
      'Write { labelSelector: …, topologyKey: … }.',
      '{ topologyKey: kubernetes.io/hostname }',
      'web',
    ),
  },
});

export const podAffinityTable = manifestTable({
  id: 'pod-affinity',
  title: 'wishes and conditions on the places of other pods',
  wrap: inAntiAffinity,
  rules: {
    requiredDuringSchedulingIgnoredDuringExecution: allow(
      listOf(keysOf(affinityTermTable), 5),
      'List terms.',
      '[{ topologyKey: kubernetes.io/hostname }]',
      '{}',
    ),
    [weighted]: allow(
      listOf(keysOf(weightedTermTable), 5),
      'List { weight, podAffinityTerm }.',
      '[{ weight: 1, podAffinityTerm: { topologyKey: kubernetes.io/hostname } }]',
      '{}',
    ),
  },
});

export const affinityTable = manifestTable({
  id: 'affinity',
  title: 'where a pod likes to be',
  wrap: (fields) => inPodSpec(`affinity: { ${fields} }`),
  rules: {
    podAffinity: allow(keysOf(podAffinityTable), 'List terms.', `{ ${weighted}: [] }`, '[]'),
    podAntiAffinity: allow(keysOf(podAffinityTable), 'List terms.', `{ ${weighted}: [] }`, '[]'),
    nodeAffinity: refuse('where pods run is chosen by the platform', 'Leave it out.', `{ ${weighted}: [] }`),
  },
});

const inSpread = (fields: string): string => {
  const needed = { maxSkew: '1', topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' };
  return inPodSpec(`topologySpreadConstraints: [{ ${completed(fields, needed)} }]`);
};

export const spreadTable = manifestTable({
  id: 'topology-spread',
  title: 'how pods spread',
  required: ['maxSkew', 'topologyKey', 'whenUnsatisfiable'],
  wrap: inSpread,
  rules: {
    maxSkew: allow(wholeNumber(1, 10), 'Write a number from 1 to 10.', '1', '0'),
    topologyKey: topology,
    whenUnsatisfiable: allow(
      oneOf(['ScheduleAnyway', 'DoNotSchedule']),
      'Write ScheduleAnyway.',
      'DoNotSchedule',
      'Never',
    ),
    labelSelector: pods,
  },
});

export const affinity = keysOf(affinityTable);
export const spread = keysOf(spreadTable);
