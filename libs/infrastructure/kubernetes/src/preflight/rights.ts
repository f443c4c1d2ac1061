import type { PreflightFinding } from '@nalabo/contracts';
import { learnerAccount, learnerRules } from '../session/learner-access.js';
import { failed, ok } from './finding.js';

/** What each service needs to be allowed. The manifests in deploy/kubernetes grant at least this. */

export type ClusterService = 'provisioner' | 'executor' | 'monitor';

export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
  /** On the whole cluster, or in a session once the provisioner has let the service in. */
  readonly scope: 'cluster' | 'session';
}

interface Rule extends Omit<Right, 'verb' | 'resource'> {
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
}

const rbac = 'rbac.authorization.k8s.io';
const look = ['get', 'list'];
const keep = ['list', 'create', 'patch'];

/** For a credential with which a learner's file is applied in the namespace of a session. */
const learnerToken = {
  group: '',
  resources: ['serviceaccounts'],
  subresource: 'token',
  name: learnerAccount,
  verbs: ['create'],
} as const;

const rules: Readonly<Record<ClusterService, readonly Rule[]>> = {
  provisioner: [
    { scope: 'cluster', group: '', resources: ['namespaces'], verbs: [...look, 'watch', 'create', 'patch', 'delete'] },
    { scope: 'cluster', group: '', resources: ['pods'], verbs: [...look, 'watch'] },
    { scope: 'cluster', group: '', resources: ['persistentvolumes'], verbs: [...look, 'patch', 'delete'] },
    { scope: 'cluster', group: rbac, resources: ['rolebindings'], verbs: ['create', 'patch'] },
    { scope: 'cluster', group: 'apiregistration.k8s.io', resources: ['apiservices'], verbs: ['list'] },
    { scope: 'cluster', group: 'storage.k8s.io', resources: ['storageclasses'], verbs: ['list'] },
    { scope: 'session', group: '', resources: ['pods'], verbs: [...keep, 'delete', 'deletecollection'] },
    {
      scope: 'session',
      group: '',
      resources: ['secrets', 'services', 'serviceaccounts', 'resourcequotas', 'limitranges'],
      verbs: keep,
    },
    { scope: 'session', group: '', resources: ['configmaps', 'persistentvolumeclaims'], verbs: ['list'] },
    { scope: 'session', group: 'apps', resources: ['deployments'], verbs: keep },
    { scope: 'session', group: 'networking.k8s.io', resources: ['networkpolicies'], verbs: keep },
    { scope: 'session', group: rbac, resources: ['roles', 'rolebindings'], verbs: keep },
    // It gives these to the account of a learner, and can only give what it has.
    ...learnerRules().map(({ apiGroups: [group], resources, verbs }): Rule => {
      return { scope: 'session', group, resources, verbs };
    }),
    { scope: 'session', ...learnerToken },
  ],
  executor: [
    { scope: 'session', group: '', resources: ['namespaces'], verbs: ['get'] },
    { scope: 'session', group: '', resources: ['pods'], verbs: look },
    { scope: 'session', group: '', resources: ['pods'], subresource: 'exec', verbs: ['get', 'create'] },
    { scope: 'session', group: '', resources: ['pods'], subresource: 'portforward', verbs: ['get', 'create'] },
    { scope: 'session', group: '', resources: ['secrets'], name: 'session-kubeconfig', verbs: ['get'] },
    { scope: 'session', ...learnerToken },
  ],
  // It needs these on the whole cluster; whoever has them there has them in a session too.
  monitor: [
    { scope: 'session', group: '', resources: ['pods'], verbs: ['list'] },
    { scope: 'session', group: 'metrics.k8s.io', resources: ['pods'], verbs: ['list'] },
  ],
};

export function rightsOf(service: ClusterService): readonly Right[] {
  return rules[service].flatMap(({ verbs, resources, ...rest }) =>
    resources.flatMap((resource) => verbs.map((verb) => ({ ...rest, resource, verb }))),
  );
}

export function rightsFinding(service: ClusterService, missing: readonly Right[]): PreflightFinding {
  const name = `rights of the ${service}`;
  if (missing.length === 0) return ok(name, 'nothing is missing');
  const told = [...new Set(missing.map(describeRight))].join(', ');
  return failed(name, `not allowed: ${told}`);
}

/** As `kubectl auth can-i` takes it. */
function describeRight({ verb, group, resource, subresource }: Right): string {
  const path = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `${verb} ${group === '' ? path : `${path}.${group}`}`;
}
