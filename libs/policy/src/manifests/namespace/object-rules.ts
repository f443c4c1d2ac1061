import { flag, oneOf, text } from '../../rules/form.js';
import { type Allowed, type KeyRules, keysOf, type RuleTable } from '../../rules/rule-table.js';
import { aPodSpec, aSelector, aTemplate, objectFile } from '../example-files.js';
import { record } from '../manifest-forms.js';
import { allow, manifestTable, refuse } from '../manifest-table.js';
import { autoscalerTable, simpleAutoscalerTable } from './autoscaler-rules.js';
import { claimSpec } from './claim-rules.js';
import { ingressTable } from './ingress-rules.js';
import { podSpec } from './pod-rules.js';
import { serviceTable } from './service-rules.js';
import { cronJobTable, deploymentTable, jobTable, replicaSetTable, statefulSetTable } from './workload-rules.js';

interface Kind {
  readonly id: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly fields: KeyRules;
}

/** What an object says besides what every object does. */
function objectTable({ id, kind, apiVersion, fields }: Kind): RuleTable {
  const needed = 'spec' in fields ? { spec: acceptedSpec(fields['spec']) } : {};
  return manifestTable({
    id,
    title: `a ${kind}`,
    required: Object.keys(needed),
    wrap: (example) => objectFile(apiVersion, kind, example, needed),
    rules: {
      ...fields,
      status: refuse('only the cluster writes it', 'Leave it out.', '{ phase: Running }'),
    },
  });
}

const acceptedSpec = (rule: KeyRules[string] | undefined): string =>
  rule?.verdict === 'allowed' ? rule.examples.accepted : '{}';

function spec(form: Parameters<typeof allow>[0], accepted: string): { readonly spec: Allowed<unknown> } {
  return { spec: allow(form, 'Write what the kind asks for.', accepted, '[]') };
}

const key = text({ pattern: /^[-._a-zA-Z0-9]+$/, longest: 253, says: 'a key of letters, digits, -, _ and .' });
const content = text({ longest: 262_144, says: 'a text' });
const base64 = text({ pattern: /^[A-Za-z0-9+/\s]*=?=?\s*$/, longest: 262_144, says: 'a text in base64' });
const immutable = allow(flag, 'Write true or false.', 'true', '"yes"');
const texts = allow(record(key, content, 200), 'Write numbers in quotes.', '{ title: "1" }', '{ title: 1 }');
const encoded = allow(
  record(key, base64, 200),
  'Encode the values in base64.',
  '{ title: aGVsbG8= }',
  '{ title: "?" }',
);

const replicated = `{ selector: ${aSelector}, template: ${aTemplate} }`;
const scaled = '{ scaleTargetRef: { kind: Deployment, name: web }, maxReplicas: 3 }';
const aPath = '{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }';
const routed = `{ rules: [{ host: web.labs.example.org, http: { paths: [${aPath}] } }] }`;
const claimed = '{ accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }';
const timed = `{ schedule: "@daily", jobTemplate: { spec: { template: ${aTemplate} } } }`;

/** Everything that a session without a cluster of its own may make. */
const kinds: readonly Omit<Kind, 'kind'>[] = [
  { id: 'Pod', apiVersion: 'v1', fields: spec(podSpec, aPodSpec) },
  { id: 'Deployment', apiVersion: 'apps/v1', fields: spec(keysOf(deploymentTable), replicated) },
  { id: 'StatefulSet', apiVersion: 'apps/v1', fields: spec(keysOf(statefulSetTable), replicated) },
  { id: 'ReplicaSet', apiVersion: 'apps/v1', fields: spec(keysOf(replicaSetTable), replicated) },
  { id: 'Job', apiVersion: 'batch/v1', fields: spec(keysOf(jobTable), `{ template: ${aTemplate} }`) },
  { id: 'CronJob', apiVersion: 'batch/v1', fields: spec(keysOf(cronJobTable), timed) },
  { id: 'Service', apiVersion: 'v1', fields: spec(keysOf(serviceTable), '{ selector: { app: web }, ports: [] }') },
  { id: 'ConfigMap', apiVersion: 'v1', fields: { data: texts, binaryData: encoded, immutable } },
  {
    id: 'Secret',
    apiVersion: 'v1',
    fields: {
      type: allow(
        oneOf(['Opaque', 'kubernetes.io/tls']),
        'Use Opaque or kubernetes.io/tls.',
        'Opaque',
        'kubernetes.io/service-account-token',
      ),
      data: encoded,
      stringData: texts,
      immutable,
    },
  },
  { id: 'PersistentVolumeClaim', apiVersion: 'v1', fields: spec(claimSpec, claimed) },
  { id: 'Ingress', apiVersion: 'networking.k8s.io/v1', fields: spec(keysOf(ingressTable), routed) },
  {
    id: 'HorizontalPodAutoscaler',
    apiVersion: 'autoscaling/v2',
    fields: spec(keysOf(autoscalerTable), scaled),
  },
  {
    id: 'HorizontalPodAutoscaler-v1',
    apiVersion: 'autoscaling/v1',
    fields: spec(keysOf(simpleAutoscalerTable), scaled),
  },
];

/** The same with the table of each and what reads it. */
export const objectKinds = kinds.map((one) => {
  const kind: Kind = { ...one, kind: one.id.replace(/-v1$/, '') };
  const table = objectTable(kind);
  return { kind: kind.kind, apiVersion: kind.apiVersion, table, form: keysOf(table) };
});
