import type { KubeMetadata, KubeObject } from '../cluster/kube-object.js';
import { partLabel, workbenchName } from './session-names.js';

const workbench = { podSelector: { matchLabels: { [partLabel]: workbenchName } } };
/** What a learner has applied: it carries no label of ours. */
const workloads = { podSelector: { matchExpressions: [{ key: partLabel, operator: 'DoesNotExist' }] } };

/**
 * What the pods of a session in a namespace may reach, on top of a policy that denies everything: the workbench the
 * learner's pods, these each other, and nobody anything else. No names are resolved outside the session.
 */
export function hostedPolicies(metadata: (name: string) => KubeMetadata): readonly KubeObject[] {
  const policy = (name: string, rules: object): KubeObject => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(name),
    spec: { policyTypes: ['Ingress', 'Egress'], ...rules },
  });
  return [
    policy(workbenchName, { ...workbench, ingress: [], egress: [{ to: [workloads] }] }),
    policy('workloads', { ...workloads, ingress: [{ from: [workloads, workbench] }], egress: [{ to: [workloads] }] }),
  ];
}
