import { type Form, isMap, oneOf, text } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { inContainer, inPodSpec } from '../example-files.js';
import { gracePeriod, onlyFalse } from '../manifest-forms.js';
import { nodeSelectorTable } from '../namespace/pod-rules.js';
import { noPostStart } from '../namespace/probe-rules.js';
import { hostVolumes } from '../namespace/volume-rules.js';
import { confinementRules } from './confinement-rules.js';
import type { PlaceRule } from './place-rule.js';

const id = (rest: string): string => `manifests.virtual.${rest}`;

const onHost = 'Leave it out: pods of the session run among those of others.';
const placement = {
  message: 'is refused: where and how pods run is chosen by the platform',
  hint: 'Leave it out.',
};

/** Taints that every cluster puts on nodes by itself. The API tolerates them for a while in every pod. */
const nodeIsAway = oneOf(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']);

const placementRules: readonly PlaceRule[] = [
  ...(
    [
      ['nodeName', 'node-1'],
      ['runtimeClassName', 'runc'],
      ['overhead', '{ cpu: 1 }'],
      ['resourceClaims', '[{ name: gpu }]'],
    ] as const
  ).map(([key, value]) => {
    const examples = { accepted: inPodSpec(''), refused: inPodSpec(`${key}: ${value}`) };
    return { id: id(key), at: [key], ...placement, examples };
  }),
  {
    ...placement,
    id: id('nodeAffinity'),
    at: ['affinity', 'nodeAffinity'],
    examples: {
      accepted: inPodSpec('affinity: { podAntiAffinity: {} }'),
      refused: inPodSpec('affinity: { nodeAffinity: {} }'),
    },
  },
  {
    ...placement,
    id: id('nodeSelector'),
    at: ['nodeSelector'],
    form: keysOf(nodeSelectorTable),
    examples: {
      accepted: inPodSpec('nodeSelector: { kubernetes.io/os: linux }'),
      refused: inPodSpec('nodeSelector: { node-role.kubernetes.io/control-plane: "" }'),
    },
  },
  {
    ...placement,
    id: id('schedulerName'),
    at: ['schedulerName'],
    form: oneOf(['default-scheduler']),
    examples: { accepted: inPodSpec('schedulerName: default-scheduler'), refused: inPodSpec('schedulerName: mine') },
  },
  {
    ...placement,
    id: id('priorityClassName'),
    at: ['priorityClassName'],
    form: text({ pattern: /^(?!system-)/, longest: 253, says: 'a class of your own' }),
    examples: {
      accepted: inPodSpec('priorityClassName: important'),
      refused: inPodSpec('priorityClassName: system-node-critical'),
    },
  },
  {
    ...placement,
    id: id('tolerations'),
    at: ['tolerations', '*'],
    form: {
      says: 'a toleration of a node that is away',
      read(value, scope) {
        const isKept = isMap(value) && nodeIsAway.read(value['key'], scope) !== undefined;
        return isKept ? value : scope.refuse();
      },
    },
    examples: {
      accepted: inPodSpec(
        'tolerations: [{ key: node.kubernetes.io/not-ready, operator: Exists, tolerationSeconds: 5 }]',
      ),
      refused: inPodSpec('tolerations: [{ operator: Exists }]'),
    },
  },
];

const namespaceRules: readonly PlaceRule[] = ['hostNetwork', 'hostPID', 'hostIPC'].map((key) => ({
  id: id(key),
  at: [key],
  form: onlyFalse,
  message: 'must be false',
  hint: onHost,
  examples: { accepted: inPodSpec(`${key}: false`), refused: inPodSpec(`${key}: true`) },
}));

const volumeRules: readonly PlaceRule[] = Object.entries(hostVolumes).map(([key, rule]) => ({
  id: id(`volume.${key}`),
  at: ['volumes', '*', key],
  message: `is refused: ${rule.reason}`,
  hint: rule.hint,
  examples: {
    accepted: inPodSpec('volumes: [{ name: data, emptyDir: {} }]'),
    refused: inPodSpec(`volumes: [{ name: data, ${key}: ${rule.examples.refused} }]`),
  },
}));

/** The node makes these calls, past every network policy. */
const calls = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.preStop'];

const callRules: readonly PlaceRule[] = calls.flatMap((call) =>
  ['httpGet', 'tcpSocket'].map((action) => {
    const at = [...call.split('.'), action, 'host'];
    const inCall = (fields: string): string =>
      inContainer(at.slice(0, -1).reduceRight((inner, key) => `${key}: { ${inner} }`, fields));
    return {
      id: id(`${call}.${action}.host`),
      at,
      message: 'is refused: the node makes the call, which may only go to the pod itself',
      hint: 'Leave it out.',
      examples: { accepted: inCall('port: 80'), refused: inCall('host: 169.254.169.254, port: 80') },
    };
  }),
);

const shortEnd = {
  form: gracePeriod,
  message: 'must be a whole number from 0 to 60: a pod does not outlive its session',
  hint: 'Write a number up to 60.',
};

const endOfPod: PlaceRule = {
  ...shortEnd,
  id: id('terminationGracePeriodSeconds'),
  at: ['terminationGracePeriodSeconds'],
  examples: {
    accepted: inPodSpec('terminationGracePeriodSeconds: 10'),
    refused: inPodSpec('terminationGracePeriodSeconds: 86400'),
  },
};

/** What would have the node wait for a container although its session has ended. The host lets no such pod in. */
const endRules: readonly PlaceRule[] = [
  ...['livenessProbe', 'startupProbe'].map((probe): PlaceRule => {
    const inProbe = (seconds: number): string =>
      inContainer(`${probe}: { tcpSocket: { port: 80 }, terminationGracePeriodSeconds: ${seconds} }`);
    const at = [probe, 'terminationGracePeriodSeconds'];
    return { ...shortEnd, id: id(at.join('.')), at, examples: { accepted: inProbe(10), refused: inProbe(86400) } };
  }),
  {
    id: id('lifecycle.postStart'),
    at: ['lifecycle', 'postStart'],
    message: `is refused: ${noPostStart.reason}`,
    hint: noPostStart.hint,
    examples: {
      accepted: inContainer('lifecycle: { preStop: { exec: { command: [ls] } } }'),
      refused: inContainer(`lifecycle: { postStart: ${noPostStart.examples.refused} }`),
    },
  },
];

const noHostPort: Form<number> = oneOf([0]);

const containerRules: readonly PlaceRule[] = [
  {
    id: id('hostPort'),
    at: ['ports', '*', 'hostPort'],
    form: noHostPort,
    message: 'is refused: ports of nodes are not for sessions',
    hint: 'Reach the container by a Service.',
    examples: {
      accepted: inContainer('ports: [{ containerPort: 80 }]'),
      refused: inContainer('ports: [{ containerPort: 80, hostPort: 80 }]'),
    },
  },
  {
    id: id('hostIP'),
    at: ['ports', '*', 'hostIP'],
    message: 'is refused: ports of nodes are not for sessions',
    hint: 'Reach the container by a Service.',
    examples: {
      accepted: inContainer('ports: [{ containerPort: 80 }]'),
      refused: inContainer('ports: [{ containerPort: 80, hostIP: 0.0.0.0 }]'),
    },
  },
  ...callRules,
  ...endRules,
  ...confinementRules.filter(({ of }) => of !== 'pod').map(inSecurityContext),
];

/** What pods of a virtual cluster may not say, from their spec on: they run on the host. */
export const virtualPodRules: readonly PlaceRule[] = [
  ...placementRules,
  ...namespaceRules,
  ...volumeRules,
  endOfPod,
  ...confinementRules.filter(({ of }) => of !== 'container').map(inSecurityContext),
];

/** The same of each container, in whichever list it stands. */
export const virtualContainerRules: readonly PlaceRule[] = containerRules;

function inSecurityContext({ at, ...rule }: (typeof confinementRules)[number]): PlaceRule {
  return { ...rule, at: ['securityContext', ...at] };
}
