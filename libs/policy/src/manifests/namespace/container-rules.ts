import { flag, listOf, oneOf } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { inContainer } from '../example-files.js';
import {
  innerPath,
  label,
  mountPath,
  path,
  portName,
  portNumber,
  quantity,
  shortText,
  words,
} from '../manifest-forms.js';
import { allow, completed, manifestTable, refuse } from '../manifest-table.js';
import { environmentSource, variable } from './environment-rules.js';
import { lifecycle, probe } from './probe-rules.js';
import { containerSecurity } from './security-rules.js';

export const containerPortTable = manifestTable({
  id: 'container-port',
  title: 'a port of a container',
  required: ['containerPort'],
  wrap: (fields) => inContainer(`ports: [{ ${completed(fields, { containerPort: '80' })} }]`),
  rules: {
    containerPort: allow(portNumber, 'Write a number from 1 to 65535.', '80', '"80"'),
    name: allow(portName, 'Use lower-case letters, digits and -.', 'http', 'HTTP'),
    protocol: allow(oneOf(['TCP', 'UDP', 'SCTP']), 'Write TCP or UDP.', 'UDP', 'ICMP'),
    hostPort: allow(oneOf([0]), 'Reach the container by a Service.', '0', '80'),
    hostIP: refuse('ports of nodes are not for sessions', 'Reach the container by a Service.', '0.0.0.0'),
  },
});

const inMount = (fields: string): string =>
  inContainer(`volumeMounts: [{ ${completed(fields, { name: 'data', mountPath: '/data' })} }]`);

export const mountTable = manifestTable({
  id: 'volume-mount',
  title: 'the mount of a volume',
  required: ['name', 'mountPath'],
  wrap: inMount,
  rules: {
    name: allow(label, 'Name a volume of the pod.', 'data', 'Data'),
    mountPath: allow(mountPath, 'Use an absolute path such as /data.', '/etc/nginx/conf.d', '/proc/sys'),
    readOnly: allow(flag, 'Write true or false.', 'true', '"yes"'),
    recursiveReadOnly: allow(oneOf(['Disabled', 'IfPossible', 'Enabled']), 'Leave it out.', 'IfPossible', 'Always'),
    subPath: allow(innerPath, 'Use a path inside the volume.', 'conf/site.conf', '../other'),
    subPathExpr: allow(innerPath, 'Use a path inside the volume.', 'logs', '/logs'),
    mountPropagation: allow(oneOf(['None']), 'Leave it out.', 'None', 'Bidirectional'),
  },
});

export const amountsTable = manifestTable({
  id: 'resource-amounts',
  title: 'amounts of resources',
  wrap: (fields) => inContainer(`resources: { limits: { ${fields} } }`),
  rules: {
    cpu: allow(quantity, 'Write, for example, 100m or 0.5.', '100m', 'much'),
    memory: allow(quantity, 'Write, for example, 64Mi.', '64Mi', '64 MB'),
    'ephemeral-storage': allow(quantity, 'Write, for example, 64Mi.', '64Mi', '-1'),
  },
});

export const resourcesTable = manifestTable({
  id: 'resources',
  title: 'the resources of a container',
  wrap: (fields) => inContainer(`resources: { ${fields} }`),
  rules: {
    limits: allow(keysOf(amountsTable), 'Write { cpu: …, memory: … }.', '{ cpu: 100m, memory: 64Mi }', '64Mi'),
    requests: allow(keysOf(amountsTable), 'Write { cpu: …, memory: … }.', '{ cpu: 0.5, memory: 64Mi }', '64Mi'),
    claims: refuse('devices of nodes are not for sessions', 'Leave it out.', '[{ name: gpu }]'),
  },
});

const aProbe = '{ httpGet: { path: /, port: 80 }, periodSeconds: 5 }';
const useProbe = 'Write { httpGet: { path: /, port: 80 } }.';

export const containerTable = manifestTable({
  id: 'container',
  title: 'a container',
  required: ['name', 'image'],
  wrap: inContainer,
  rules: {
    name: allow(label, 'Use lower-case letters, digits and -.', 'web', 'Web'),
    image: allow(shortText, 'Name an image of the workshop.', 'nginx:alpine', '1'),
    imagePullPolicy: allow(oneOf(['IfNotPresent', 'Never', 'Always']), 'Leave it out.', 'IfNotPresent', 'Sometimes'),
    command: allow(words, 'Write the command as a list of texts.', '[sh, -c, "sleep 5"]', 'sleep'),
    args: allow(words, 'Write the arguments as a list of texts.', '["5"]', '[5]'),
    workingDir: allow(path, 'Use an absolute path.', '/srv', 'srv'),
    env: allow(listOf(variable, 100), 'Write a list of { name, value }.', '[{ name: A, value: "1" }]', '{ A: "1" }'),
    envFrom: allow(
      listOf(environmentSource, 20),
      'Write a list of { configMapRef: { name } }.',
      '[{ configMapRef: { name: page } }]',
      '{}',
    ),
    ports: allow(listOf(keysOf(containerPortTable), 20), 'List the ports.', '[{ containerPort: 80 }]', '[80]'),
    resources: allow(keysOf(resourcesTable), 'Write { limits: … }.', '{ limits: { cpu: 1 } }', '1'),
    volumeMounts: allow(listOf(keysOf(mountTable), 20), 'List the mounts.', '[]', '{}'),
    livenessProbe: allow(probe, useProbe, aProbe, '80'),
    readinessProbe: allow(probe, useProbe, aProbe, '80'),
    startupProbe: allow(probe, useProbe, aProbe, '80'),
    lifecycle: allow(lifecycle, 'Write { preStop: … }.', '{ preStop: { exec: { command: [ls] } } }', '[ls]'),
    securityContext: allow(containerSecurity, 'Leave it out.', '{ readOnlyRootFilesystem: true }', '[]'),
    restartPolicy: allow(
      oneOf(['Always', 'OnFailure', 'Never']),
      'Leave it out, or write Always for a sidecar among initContainers.',
      'Always',
      'Sometimes',
    ),
    terminationMessagePath: allow(path, 'Leave it out.', '/dev/termination-log', 'log'),
    terminationMessagePolicy: allow(
      oneOf(['File', 'FallbackToLogsOnError']),
      'Leave it out.',
      'FallbackToLogsOnError',
      'Log',
    ),
    stdin: allow(flag, 'Write true or false.', 'true', '"yes"'),
    stdinOnce: allow(flag, 'Write true or false.', 'true', '"yes"'),
    tty: allow(flag, 'Write true or false.', 'true', '"yes"'),
    volumeDevices: refuse('raw devices are not for sessions', 'Mount the claim as a folder.', '[]'),
    resizePolicy: refuse('resources of sessions do not change while they run', 'Leave it out.', '[]'),
  },
});

export const container = keysOf(containerTable);
