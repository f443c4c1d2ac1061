import { type Form, flag, isMap, listOf, oneOf } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { inService } from '../example-files.js';
import { equalitySelector, port, portName, portNumber, seconds, shortText } from '../manifest-forms.js';
import { allow, completed, manifestTable, refuse, refuseAll } from '../manifest-table.js';

export const servicePortTable = manifestTable({
  id: 'service-port',
  title: 'a port of a Service',
  required: ['port'],
  wrap: (fields) => inService(`ports: [{ ${completed(fields, { port: '80' })} }]`),
  rules: {
    name: allow(portName, 'Use lower-case letters, digits and -.', 'http', 'HTTP'),
    port: allow(portNumber, 'Write a number from 1 to 65535.', '80', '"80"'),
    targetPort: allow(port, 'Write the number or the name of a port of the pods.', 'http', '0'),
    protocol: allow(oneOf(['TCP', 'UDP', 'SCTP']), 'Write TCP or UDP.', 'UDP', 'ICMP'),
    appProtocol: allow(shortText, 'Name a protocol.', 'http', '1'),
    nodePort: refuse('ports of nodes are not for sessions', 'Reach the Service from within the session.', '30080'),
  },
});

export const clientAffinityTable = manifestTable({
  id: 'client-affinity',
  title: 'how long a client stays with a pod',
  wrap: (fields) => inService(`sessionAffinity: ClientIP, sessionAffinityConfig: { clientIP: { ${fields} } }`),
  rules: { timeoutSeconds: allow(seconds, 'Write a number of seconds.', '600', '-1') },
});

export const affinityConfigTable = manifestTable({
  id: 'session-affinity',
  title: 'how clients stay with a pod',
  wrap: (fields) => inService(`sessionAffinity: ClientIP, sessionAffinityConfig: { ${fields} }`),
  rules: {
    clientIP: allow(keysOf(clientAffinityTable), 'Write { timeoutSeconds: 600 }.', '{ timeoutSeconds: 600 }', '600'),
  },
});

/** A Service without a selector leads to endpoints of anybody's choice. */
const somePods: Form<Readonly<Record<string, string>>> = {
  says: 'a map of at least one label',
  read(value, scope) {
    if (isMap(value) && Object.keys(value).length === 0) return scope.refuse('must name at least one label');
    return equalitySelector.read(value, scope);
  },
};

export const serviceTable = manifestTable({
  id: 'service',
  title: 'the spec of a Service',
  required: ['selector'],
  wrap: inService,
  rules: {
    selector: allow(somePods, 'Name labels of your pods.', '{ app: web }', '{}'),
    ports: allow(listOf(keysOf(servicePortTable), 20), 'List ports.', '[{ port: 80, targetPort: 8080 }]', '80'),
    type: allow(oneOf(['ClusterIP']), 'Use ClusterIP.', 'ClusterIP', 'LoadBalancer'),
    clusterIP: allow(oneOf(['None', '']), 'Leave it out, or write None for a headless Service.', 'None', '10.96.0.9'),
    sessionAffinity: allow(oneOf(['None', 'ClientIP']), 'Write ClientIP.', 'ClientIP', 'Cookie'),
    sessionAffinityConfig: allow(
      keysOf(affinityConfigTable),
      'Write { clientIP: … }.',
      '{ clientIP: { timeoutSeconds: 600 } }',
      '600',
    ),
    publishNotReadyAddresses: allow(flag, 'Write true or false.', 'true', '"yes"'),
    internalTrafficPolicy: allow(oneOf(['Cluster']), 'Leave it out.', 'Cluster', 'Local'),
    ipFamilyPolicy: allow(
      oneOf(['SingleStack', 'PreferDualStack', 'RequireDualStack']),
      'Leave it out.',
      'SingleStack',
      'All',
    ),
    ipFamilies: allow(listOf(oneOf(['IPv4', 'IPv6']), 2), 'Leave it out.', '[IPv4]', '[IPX]'),
    ...refuseAll('addresses outside of the session would be taken over', 'Use type ClusterIP.', {
      externalIPs: '[192.0.2.1]',
      loadBalancerIP: '192.0.2.1',
      loadBalancerClass: 'example.com/own',
      loadBalancerSourceRanges: '[192.0.2.0/24]',
      allocateLoadBalancerNodePorts: 'false',
      healthCheckNodePort: '30080',
      externalTrafficPolicy: 'Local',
      clusterIPs: '[10.96.0.9]',
    }),
    externalName: refuse('it would lead out of the session', 'Name pods by a selector.', 'db.example.org'),
  },
});
