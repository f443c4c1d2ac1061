import type { KubeMetadata, KubeObject } from '../cluster/kube-object.js';
import { learnerKinds } from './learner-kinds.js';

/** The account, role and binding by which a learner's files come into the namespace of a session. */
export const learnerAccount = 'nalabo-learner';

const rbac = 'rbac.authorization.k8s.io';

interface LearnerRule {
  readonly apiGroups: readonly [string];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** To find, to try, to make, to change, to replace and to remove: what planning and applying needs. */
const verbs = ['get', 'list', 'create', 'patch', 'update', 'delete'];

/**
 * What is done in the namespace of a session on behalf of its learner is done by an account that can do nothing
 * elsewhere. Nobody is given its credential: the executor asks for a short-lived one for each apply.
 */
export function learnerAccess(metadata: (name: string) => KubeMetadata): readonly KubeObject[] {
  const named = metadata(learnerAccount);
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: named, automountServiceAccountToken: false },
    { apiVersion: `${rbac}/v1`, kind: 'Role', metadata: named, rules: learnerRules() },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: named,
      roleRef: { apiGroup: rbac, kind: 'Role', name: learnerAccount },
      subjects: [{ kind: 'ServiceAccount', name: learnerAccount, namespace: named.namespace }],
    },
  ];
}

/** What the role gives: one rule for each group of the API. */
export function learnerRules(): readonly LearnerRule[] {
  const groups = Map.groupBy(learnerKinds, ({ apiVersion }) => apiVersion.split('/').at(-2) ?? '');
  return [...groups].map(([group, kinds]) => {
    return { apiGroups: [group], resources: [...new Set(kinds.map(({ plural }) => plural))], verbs };
  });
}
