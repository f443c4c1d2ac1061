import { listOf, oneOf, wholeNumber } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { file, inAutoscaler } from '../example-files.js';
import { count, label, objectName, quantity, seconds } from '../manifest-forms.js';
import { allow, completed, manifestTable, refuseAll } from '../manifest-table.js';

const aTarget = '{ apiVersion: apps/v1, kind: Deployment, name: web }';

export const scaleTargetTable = manifestTable({
  id: 'scale-target',
  title: 'what is scaled',
  required: ['kind', 'name'],
  wrap: (fields) => inAutoscaler(`scaleTargetRef: { ${completed(fields, { kind: 'Deployment', name: 'web' })} }`),
  rules: {
    apiVersion: allow(oneOf(['apps/v1']), 'Write apps/v1.', 'apps/v1', 'example.com/v1'),
    kind: allow(oneOf(['Deployment', 'StatefulSet', 'ReplicaSet']), 'Name a Deployment.', 'StatefulSet', 'Node'),
    name: allow(objectName, 'Name an object of your file.', 'web', 'Web_1'),
  },
});

const inMetric = (fields: string): string =>
  inAutoscaler(
    `metrics: [{ ${completed(fields, { type: 'Resource', resource: '{ name: cpu, target: { type: Utilization, averageUtilization: 50 } }' })} }]`,
  );
const inResource = (fields: string): string => {
  const needed = { name: 'cpu', target: '{ type: Utilization, averageUtilization: 50 }' };
  return inMetric(`resource: { ${completed(fields, needed)} }`);
};

export const metricTargetTable = manifestTable({
  id: 'metric-target',
  title: 'how much is wanted',
  required: ['type'],
  wrap: (fields) => inResource(`target: { ${completed(fields, { type: 'Utilization' })} }`),
  rules: {
    type: allow(oneOf(['Utilization', 'AverageValue', 'Value']), 'Write Utilization.', 'AverageValue', 'Much'),
    averageUtilization: allow(wholeNumber(1, 1000), 'Write a percentage.', '50', '0'),
    averageValue: allow(quantity, 'Write a quantity.', '100m', 'much'),
    value: allow(quantity, 'Write a quantity.', '1', 'much'),
  },
});

const resourceName = allow(oneOf(['cpu', 'memory']), 'Write cpu or memory.', 'memory', 'gpu');
const target = allow(
  keysOf(metricTargetTable),
  'Write { type: Utilization, averageUtilization: 50 }.',
  '{ type: Utilization, averageUtilization: 50 }',
  '50',
);

export const resourceMetricTable = manifestTable({
  id: 'resource-metric',
  title: 'a metric of pods',
  required: ['name', 'target'],
  wrap: inResource,
  rules: { name: resourceName, target },
});

export const containerMetricTable = manifestTable({
  id: 'container-metric',
  title: 'a metric of a container',
  required: ['name', 'container', 'target'],
  wrap: (fields) => {
    const needed = { name: 'cpu', container: 'web', target: '{ type: Utilization, averageUtilization: 50 }' };
    return inMetric(`containerResource: { ${completed(fields, needed)} }`);
  },
  rules: { name: resourceName, target, container: allow(label, 'Name a container.', 'web', 'Web') },
});

export const metricTable = manifestTable({
  id: 'metric',
  title: 'what is measured',
  required: ['type'],
  wrap: inMetric,
  rules: {
    type: allow(oneOf(['Resource', 'ContainerResource']), 'Write Resource.', 'Resource', 'External'),
    resource: allow(
      keysOf(resourceMetricTable),
      'Write { name: cpu, target: … }.',
      '{ name: cpu, target: { type: Utilization, averageUtilization: 50 } }',
      'cpu',
    ),
    containerResource: allow(
      keysOf(containerMetricTable),
      'Write { name: cpu, container: web, target: … }.',
      '{ name: cpu, container: web, target: { type: Utilization, averageUtilization: 50 } }',
      'cpu',
    ),
    ...refuseAll('only the CPU and the memory of pods are measured for sessions', 'Use resource.', {
      external: '{ metric: { name: queue } }',
      object: '{ metric: { name: requests } }',
      pods: '{ metric: { name: requests } }',
    }),
  },
});

export const scalingPolicyTable = manifestTable({
  id: 'scaling-policy',
  title: 'how fast is scaled',
  required: ['type', 'value', 'periodSeconds'],
  wrap: (fields) => {
    const needed = { type: 'Pods', value: '1', periodSeconds: '60' };
    return inAutoscaler(`behavior: { scaleUp: { policies: [{ ${completed(fields, needed)} }] } }`);
  },
  rules: {
    type: allow(oneOf(['Pods', 'Percent']), 'Write Pods or Percent.', 'Percent', 'Nodes'),
    value: allow(count, 'Write a number.', '1', '-1'),
    periodSeconds: allow(seconds, 'Write a number of seconds.', '60', '-1'),
  },
});

export const scalingTable = manifestTable({
  id: 'scaling',
  title: 'how is scaled in one direction',
  wrap: (fields) => inAutoscaler(`behavior: { scaleUp: { ${fields} } }`),
  rules: {
    stabilizationWindowSeconds: allow(seconds, 'Write a number of seconds.', '0', '-1'),
    selectPolicy: allow(oneOf(['Max', 'Min', 'Disabled']), 'Write Max.', 'Min', 'Any'),
    policies: allow(
      listOf(keysOf(scalingPolicyTable), 5),
      'List { type, value, periodSeconds }.',
      '[{ type: Pods, value: 1, periodSeconds: 60 }]',
      '{}',
    ),
  },
});

export const behaviorTable = manifestTable({
  id: 'scaling-behavior',
  title: 'how is scaled',
  wrap: (fields) => inAutoscaler(`behavior: { ${fields} }`),
  rules: {
    scaleUp: allow(keysOf(scalingTable), 'Write { policies: … }.', '{ selectPolicy: Max }', '[]'),
    scaleDown: allow(keysOf(scalingTable), 'Write { policies: … }.', '{ selectPolicy: Min }', '[]'),
  },
});

const most = wholeNumber(1, 20);

const bounds = {
  scaleTargetRef: allow(keysOf(scaleTargetTable), 'Write { kind: Deployment, name: … }.', aTarget, 'web'),
  minReplicas: allow(most, 'Write a number up to 20.', '1', '0'),
  maxReplicas: allow(most, 'Write a number up to 20.', '3', '1000'),
};

export const autoscalerTable = manifestTable({
  id: 'autoscaler',
  title: 'the spec of a HorizontalPodAutoscaler',
  required: ['scaleTargetRef', 'maxReplicas'],
  wrap: inAutoscaler,
  rules: {
    ...bounds,
    metrics: allow(
      listOf(keysOf(metricTable), 4),
      'List metrics.',
      '[{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } } }]',
      '{}',
    ),
    behavior: allow(keysOf(behaviorTable), 'Write { scaleDown: … }.', '{ scaleDown: { selectPolicy: Min } }', '[]'),
  },
});

export const simpleAutoscalerTable = manifestTable({
  id: 'autoscaler-v1',
  title: 'the spec of a HorizontalPodAutoscaler of autoscaling/v1',
  required: ['scaleTargetRef', 'maxReplicas'],
  wrap: (fields) => {
    const needed = { scaleTargetRef: aTarget, maxReplicas: '3' };
    return file('autoscaling/v1', 'HorizontalPodAutoscaler', completed(fields, needed));
  },
  rules: {
    ...bounds,
    targetCPUUtilizationPercentage: allow(wholeNumber(1, 1000), 'Write a percentage.', '50', '0'),
  },
});
