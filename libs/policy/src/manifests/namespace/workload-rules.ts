import { flag, listOf, oneOf, text, wholeNumber } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { aSelector, aTemplate, file, inJob, inWorkload } from '../example-files.js';
import { copies, count, countOrPercent, label, seconds, shortText } from '../manifest-forms.js';
import { allow, completed, manifestTable, refuse, refuseAll } from '../manifest-table.js';
import { claimTemplate } from './claim-rules.js';
import { templateMetadata } from './metadata-rules.js';
import { template } from './pod-rules.js';
import { selector } from './selector-rules.js';

const inDeployment = (fields: string): string => inWorkload('Deployment', fields);
const inStatefulSet = (fields: string): string => inWorkload('StatefulSet', fields, { serviceName: 'web' });

const theTemplate = allow(template, 'Write { metadata: …, spec: … }.', aTemplate, '[]');
const replicas = allow(copies, 'Write a number up to 20.', '2', '1000');
const someSeconds = allow(seconds, 'Write a number of seconds.', '10', '-1');
const history = allow(count, 'Write a small number.', '3', '-1');

const replicated = {
  replicas,
  selector: allow(selector, 'Write { matchLabels: … } with labels of the template.', aSelector, 'web'),
  template: theTemplate,
  minReadySeconds: someSeconds,
};

export const rollingUpdateTable = manifestTable({
  id: 'rolling-update',
  title: 'how pods are replaced',
  wrap: (fields) => inDeployment(`strategy: { type: RollingUpdate, rollingUpdate: { ${fields} } }`),
  rules: {
    maxSurge: allow(countOrPercent, 'Write a number or a percentage.', '25%', 'many'),
    maxUnavailable: allow(countOrPercent, 'Write a number or a percentage.', '0', 'many'),
    partition: allow(count, 'Write a number.', '1', '-1'),
  },
});

const strategy = (id: string, types: readonly string[], wrap: (fields: string) => string) =>
  manifestTable({
    id,
    title: 'how a new version comes up',
    wrap,
    rules: {
      type: allow(oneOf(types), 'Write RollingUpdate.', 'RollingUpdate', 'Canary'),
      rollingUpdate: allow(keysOf(rollingUpdateTable), 'Write { maxUnavailable: 1 }.', '{ maxUnavailable: 1 }', '1'),
    },
  });

export const deploymentStrategyTable = strategy('deployment-strategy', ['RollingUpdate', 'Recreate'], (fields) =>
  inDeployment(`strategy: { ${fields} }`),
);

export const updateStrategyTable = strategy('stateful-set-strategy', ['RollingUpdate', 'OnDelete'], (fields) =>
  inStatefulSet(`updateStrategy: { ${fields} }`),
);

export const deploymentTable = manifestTable({
  id: 'deployment',
  title: 'the spec of a Deployment',
  required: ['selector', 'template'],
  wrap: inDeployment,
  rules: {
    ...replicated,
    strategy: allow(keysOf(deploymentStrategyTable), 'Write { type: … }.', '{ type: Recreate }', 'Recreate'),
    revisionHistoryLimit: history,
    progressDeadlineSeconds: someSeconds,
    paused: allow(flag, 'Write true or false.', 'false', '"no"'),
  },
});

export const replicaSetTable = manifestTable({
  id: 'replica-set',
  title: 'the spec of a ReplicaSet',
  required: ['selector', 'template'],
  wrap: (fields) => inWorkload('ReplicaSet', fields),
  rules: replicated,
});

export const retentionTable = manifestTable({
  id: 'claim-retention',
  title: 'what becomes of claims',
  wrap: (fields) => inStatefulSet(`persistentVolumeClaimRetentionPolicy: { ${fields} }`),
  rules: {
    whenDeleted: allow(oneOf(['Delete', 'Retain']), 'Write Delete or Retain.', 'Delete', 'Keep'),
    whenScaled: allow(oneOf(['Delete', 'Retain']), 'Write Delete or Retain.', 'Retain', 'Keep'),
  },
});

export const ordinalsTable = manifestTable({
  id: 'ordinals',
  title: 'how pods are numbered',
  wrap: (fields) => inStatefulSet(`ordinals: { ${fields} }`),
  rules: { start: allow(count, 'Write a number.', '1', '-1') },
});

export const statefulSetTable = manifestTable({
  id: 'stateful-set',
  title: 'the spec of a StatefulSet',
  required: ['selector', 'template'],
  wrap: inStatefulSet,
  rules: {
    ...replicated,
    serviceName: allow(label, 'Name a headless Service.', 'web', 'Web'),
    volumeClaimTemplates: allow(
      listOf(claimTemplate, 4),
      'List { metadata: { name }, spec }.',
      '[{ metadata: { name: data }, spec: { resources: { requests: { storage: 1Gi } } } }]',
      '{}',
    ),
    podManagementPolicy: allow(oneOf(['OrderedReady', 'Parallel']), 'Write Parallel.', 'Parallel', 'Random'),
    updateStrategy: allow(keysOf(updateStrategyTable), 'Write { type: … }.', '{ type: OnDelete }', 'OnDelete'),
    persistentVolumeClaimRetentionPolicy: allow(
      keysOf(retentionTable),
      'Write { whenDeleted: Delete }.',
      '{ whenDeleted: Delete }',
      'Delete',
    ),
    ordinals: allow(keysOf(ordinalsTable), 'Write { start: 1 }.', '{ start: 1 }', '1'),
    revisionHistoryLimit: history,
  },
});

export const jobTable = manifestTable({
  id: 'job',
  title: 'the spec of a Job',
  required: ['template'],
  wrap: inJob,
  rules: {
    template: theTemplate,
    parallelism: allow(copies, 'Write a number up to 20.', '2', '1000'),
    completions: allow(wholeNumber(0, 100), 'Write a number up to 100.', '5', '1000'),
    completionMode: allow(oneOf(['NonIndexed', 'Indexed']), 'Write Indexed.', 'Indexed', 'Numbered'),
    backoffLimit: allow(count, 'Write a number.', '4', '-1'),
    activeDeadlineSeconds: someSeconds,
    ttlSecondsAfterFinished: someSeconds,
    suspend: allow(flag, 'Write true or false.', 'false', '"no"'),
    ...refuseAll('the cluster makes it', 'Leave it out.', { selector: aSelector, manualSelector: 'true' }),
    managedBy: refuse('the cluster itself runs jobs here', 'Leave it out.', 'example.com/runner'),
  },
});

const inCronJob = (fields: string): string => {
  const jobTemplate = `{ spec: { template: ${aTemplate} } }`;
  return file('batch/v1', 'CronJob', completed(fields, { schedule: '"*/5 * * * *"', jobTemplate }));
};

export const jobTemplateTable = manifestTable({
  id: 'job-template',
  title: 'the template of a Job',
  required: ['spec'],
  wrap: (fields) => inCronJob(`jobTemplate: { ${completed(fields, { spec: `{ template: ${aTemplate} }` })} }`),
  rules: {
    metadata: allow(templateMetadata, 'Write { labels: … }.', '{ labels: { app: web } }', 'web'),
    spec: allow(keysOf(jobTable), 'Write { template: … }.', `{ template: ${aTemplate} }`, '[]'),
  },
});

export const cronJobTable = manifestTable({
  id: 'cron-job',
  title: 'the spec of a CronJob',
  required: ['schedule', 'jobTemplate'],
  wrap: inCronJob,
  rules: {
    schedule: allow(
      text({
        pattern: /^(@[a-z]+|[-\d*/,A-Za-z?]+( [-\d*/,A-Za-z?]+){4})$/,
        longest: 100,
        says: 'five fields of time',
      }),
      'Write, for example, "*/5 * * * *".',
      '"*/5 * * * *"',
      'often',
    ),
    jobTemplate: allow(keysOf(jobTemplateTable), 'Write { spec: … }.', `{ spec: { template: ${aTemplate} } }`, '[]'),
    timeZone: allow(shortText, 'Name a time zone.', 'Europe/Paris', '1'),
    concurrencyPolicy: allow(oneOf(['Allow', 'Forbid', 'Replace']), 'Write Forbid.', 'Forbid', 'Never'),
    suspend: allow(flag, 'Write true or false.', 'false', '"no"'),
    startingDeadlineSeconds: someSeconds,
    successfulJobsHistoryLimit: allow(wholeNumber(0, 10), 'Write a number up to 10.', '3', '100'),
    failedJobsHistoryLimit: allow(wholeNumber(0, 10), 'Write a number up to 10.', '1', '100'),
  },
});
