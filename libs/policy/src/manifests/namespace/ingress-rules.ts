import { listOf, oneOf, text } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { inIngress, inIngressBackend, inIngressPath, inIngressRule } from '../example-files.js';
import { label, objectName, path, portName, portNumber } from '../manifest-forms.js';
import { allow, completed, manifestTable, refuse } from '../manifest-table.js';

const host = text({
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/,
  longest: 253,
  says: 'a whole name of a host, without *',
});

export const backendPortTable = manifestTable({
  id: 'ingress-port',
  title: 'the port of a Service',
  wrap: (fields) => inIngressBackend(`service: { name: web, port: { ${fields} } }`),
  rules: {
    number: allow(portNumber, 'Write a number from 1 to 65535.', '80', '"80"'),
    name: allow(portName, 'Name a port of the Service.', 'http', 'HTTP'),
  },
});

export const backendServiceTable = manifestTable({
  id: 'ingress-service',
  title: 'a Service behind an Ingress',
  required: ['name'],
  wrap: (fields) => inIngressBackend(`service: { ${completed(fields, { name: 'web', port: '{ number: 80 }' })} }`),
  rules: {
    name: allow(label, 'Name a Service of your file.', 'web', 'Web'),
    port: allow(keysOf(backendPortTable), 'Write { number: 80 }.', '{ number: 80 }', '80'),
  },
});

export const backendTable = manifestTable({
  id: 'ingress-backend',
  title: 'where requests go',
  required: ['service'],
  wrap: inIngressBackend,
  rules: {
    service: allow(
      keysOf(backendServiceTable),
      'Write { name: …, port: … }.',
      '{ name: web, port: { number: 80 } }',
      'web',
    ),
    resource: refuse('requests go to Services only', 'Use service.', '{ kind: Bucket, name: files }'),
  },
});

const aBackend = '{ service: { name: web, port: { number: 80 } } }';

export const ingressPathTable = manifestTable({
  id: 'ingress-path',
  title: 'a path of an Ingress',
  required: ['backend'],
  wrap: inIngressPath,
  rules: {
    path: allow(path, 'Begin the path with /.', '/shop', 'shop'),
    pathType: allow(oneOf(['Prefix', 'Exact']), 'Write Prefix.', 'Exact', 'ImplementationSpecific'),
    backend: allow(keysOf(backendTable), 'Write { service: … }.', aBackend, 'web'),
  },
});

const aPath = `{ path: /, pathType: Prefix, backend: ${aBackend} }`;

export const ingressHttpTable = manifestTable({
  id: 'ingress-http',
  title: 'the paths of a host',
  required: ['paths'],
  wrap: (fields) => inIngressRule(`http: { ${completed(fields, { paths: `[${aPath}]` })} }`),
  rules: { paths: allow(listOf(keysOf(ingressPathTable), 20, 1), 'List paths.', `[${aPath}]`, '[]') },
});

export const ingressRuleTable = manifestTable({
  id: 'ingress-rule',
  title: 'a rule of an Ingress',
  required: ['host'],
  wrap: inIngressRule,
  rules: {
    host: allow(host, 'Name a host under the address of the session.', 'web.labs.example.org', '"*.labs.example.org"'),
    http: allow(keysOf(ingressHttpTable), 'Write { paths: … }.', `{ paths: [${aPath}] }`, '[]'),
  },
});

export const ingressTlsTable = manifestTable({
  id: 'ingress-tls',
  title: 'a certificate of an Ingress',
  required: ['hosts'],
  wrap: (fields) => inIngress(`tls: [{ ${completed(fields, { hosts: '[web.labs.example.org]' })} }]`),
  rules: {
    hosts: allow(listOf(host, 10, 1), 'List hosts of the rules.', '[web.labs.example.org]', '[]'),
    secretName: allow(objectName, 'Name a Secret of your file.', 'certificate', 'Certificate_1'),
  },
});

export const ingressTable = manifestTable({
  id: 'ingress',
  title: 'the spec of an Ingress',
  required: ['rules'],
  wrap: inIngress,
  rules: {
    rules: allow(
      listOf(keysOf(ingressRuleTable), 10, 1),
      'List rules with a host.',
      `[{ host: web.labs.example.org, http: { paths: [${aPath}] } }]`,
      '[]',
    ),
    tls: allow(
      listOf(keysOf(ingressTlsTable), 10),
      'List { hosts, secretName }.',
      '[{ hosts: [web.labs.example.org] }]',
      '{}',
    ),
    ingressClassName: refuse('the platform chooses who serves an Ingress', 'Leave it out.', 'nginx'),
    defaultBackend: refuse('it would answer for every host', 'Use rules with a host.', aBackend),
  },
});
