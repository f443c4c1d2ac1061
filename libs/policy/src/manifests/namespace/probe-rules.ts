import { listOf, oneOf } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { inContainer } from '../example-files.js';
import { anyText, gracePeriod, path, port, portNumber, seconds, shortText, words } from '../manifest-forms.js';
import { allow, completed, manifestTable, refuse } from '../manifest-table.js';

const inProbe = (fields: string): string =>
  inContainer(`livenessProbe: { ${completed(fields, fields === '' ? { exec: '{ command: ["true"] }' } : {})} }`);

/** The node makes these calls, past every network policy: they may only go to the pod itself. */
const host = refuse('the node makes the call, which may only go to the pod itself', 'Leave it out.', '169.254.169.254');

const aPort = allow(port, 'Name a port of the container.', '8080', '0');

export const execTable = manifestTable({
  id: 'probe-exec',
  title: 'a command in the container',
  required: ['command'],
  wrap: (fields) => inProbe(`exec: { ${completed(fields, { command: '["true"]' })} }`),
  rules: {
    command: allow(words, 'Write the command and its arguments as a list.', '[cat, /tmp/ready]', 'cat'),
  },
});

export const httpHeaderTable = manifestTable({
  id: 'probe-header',
  title: 'a header of a request',
  required: ['name', 'value'],
  wrap: (fields) =>
    inProbe(`httpGet: { port: 80, httpHeaders: [{ ${completed(fields, { name: 'Accept', value: 'text/html' })} }] }`),
  rules: {
    name: allow(shortText, 'Name a header.', 'Accept', '1'),
    value: allow(anyText, 'Write the value in quotes.', 'text/html', '1'),
  },
});

export const httpGetTable = manifestTable({
  id: 'probe-http',
  title: 'an HTTP request to the pod',
  required: ['port'],
  wrap: (fields) => inProbe(`httpGet: { ${completed(fields, { port: '80' })} }`),
  rules: {
    path: allow(path, 'Begin the path with /.', '/ready', 'ready'),
    port: aPort,
    scheme: allow(oneOf(['HTTP', 'HTTPS']), 'Write HTTP or HTTPS.', 'HTTPS', 'FTP'),
    httpHeaders: allow(
      listOf(keysOf(httpHeaderTable), 16),
      'Write a list of headers with name and value.',
      '[{ name: Accept, value: text/html }]',
      '{}',
    ),
    host,
  },
});

export const tcpSocketTable = manifestTable({
  id: 'probe-tcp',
  title: 'a connection to the pod',
  required: ['port'],
  wrap: (fields) => inProbe(`tcpSocket: { ${completed(fields, { port: '80' })} }`),
  rules: { port: aPort, host },
});

export const grpcTable = manifestTable({
  id: 'probe-grpc',
  title: 'a gRPC health check of the pod',
  required: ['port'],
  wrap: (fields) => inProbe(`grpc: { ${completed(fields, { port: '9000' })} }`),
  rules: {
    port: allow(portNumber, 'Write the number of a port of the container.', '9000', 'health'),
    service: allow(shortText, 'Name the service as a text.', 'liveness', '1'),
  },
});

export const sleepTable = manifestTable({
  id: 'hook-sleep',
  title: 'a pause',
  required: ['seconds'],
  wrap: (fields) => inContainer(`lifecycle: { preStop: { sleep: { ${completed(fields, { seconds: '5' })} } } }`),
  rules: { seconds: allow(seconds, 'Write a number of seconds.', '5', '-1') },
});

const actions = {
  exec: allow(keysOf(execTable), 'Write { command: [...] }.', '{ command: ["true"] }', '["true"]'),
  httpGet: allow(keysOf(httpGetTable), 'Write { path: /, port: 80 }.', '{ path: /, port: 80 }', '80'),
  tcpSocket: allow(keysOf(tcpSocketTable), 'Write { port: 80 }.', '{ port: 80 }', '80'),
};

const someTime = 'Write a whole number of seconds.';

export const probeTable = manifestTable({
  id: 'probe',
  title: 'a probe',
  wrap: inProbe,
  rules: {
    ...actions,
    grpc: allow(keysOf(grpcTable), 'Write { port: 9000 }.', '{ port: 9000 }', '9000'),
    initialDelaySeconds: allow(seconds, someTime, '5', '-1'),
    periodSeconds: allow(seconds, someTime, '10', '-1'),
    timeoutSeconds: allow(seconds, someTime, '1', '-1'),
    successThreshold: allow(seconds, 'Write a whole number.', '1', '-1'),
    failureThreshold: allow(seconds, 'Write a whole number.', '3', '-1'),
    terminationGracePeriodSeconds: allow(gracePeriod, 'Write a number up to 60.', '10', '86400'),
  },
});

export const hookTable = manifestTable({
  id: 'hook',
  title: 'what is done at the end of a container',
  wrap: (fields) => inContainer(`lifecycle: { preStop: { ${fields} } }`),
  rules: { ...actions, sleep: allow(keysOf(sleepTable), 'Write { seconds: 5 }.', '{ seconds: 5 }', '5') },
});

export const noPostStart = refuse(
  'a pod with a hook that goes on would not end with its session',
  'Use an init container, or begin with it in the command.',
  '{ exec: { command: [sleep, infinity] } }',
);

export const lifecycleTable = manifestTable({
  id: 'lifecycle',
  title: 'what is done at the begin and the end of a container',
  wrap: (fields) => inContainer(`lifecycle: { ${fields} }`),
  rules: {
    postStart: noPostStart,
    preStop: allow(keysOf(hookTable), 'Write { exec: { command: [...] } }.', '{ exec: { command: [ls] } }', '[ls]'),
  },
});

export const probe = keysOf(probeTable);
export const lifecycle = keysOf(lifecycleTable);
