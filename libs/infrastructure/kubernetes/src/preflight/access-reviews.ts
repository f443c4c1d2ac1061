import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { accountName, type AccountNames } from '../session/account-names.js';
import { rightsOf, type ClusterService, type Right } from './rights.js';

interface Review extends KubeObject {
  readonly status?: { readonly allowed?: boolean };
}

const apiVersion = 'authorization.k8s.io/v1';

/** Asks the cluster who may do what; nothing is done and nothing is stored. */
export class AccessReviews {
  constructor(
    private readonly client: KubeClient,
    private readonly accounts: AccountNames,
  ) {}

  /** What this process's own credentials may not do of what the provisioner needs. */
  async missingOwn(scope: Right['scope'], namespace?: string): Promise<readonly Right[]> {
    const rights = rightsOf('provisioner').filter((right) => right.scope === scope);
    return this.denied(rights, (right) => this.mayWe(right, namespace));
  }

  /**
   * What another service may not do in a session. Where all services share one set of credentials these decide,
   * otherwise its own account.
   */
  missingOf(service: ClusterService, namespace: string): Promise<readonly Right[]> {
    return this.denied(
      rightsOf(service),
      async (right) => (await this.mayWe(right, namespace)) || this.mayAccount(service, right, namespace),
    );
  }

  /** One after the other: an answer takes milliseconds, and the cluster has other things to do. */
  private async denied(rights: readonly Right[], ask: (right: Right) => Promise<boolean>): Promise<readonly Right[]> {
    const denied: Right[] = [];
    for (const right of rights) if (!(await ask(right))) denied.push(right);
    return denied;
  }

  private mayWe(right: Right, namespace: string | undefined): Promise<boolean> {
    return this.ask({
      apiVersion,
      kind: 'SelfSubjectAccessReview',
      metadata: { name: '' },
      spec: { resourceAttributes: attributes(right, namespace) },
    });
  }

  private mayAccount(service: ClusterService, right: Right, namespace: string): Promise<boolean> {
    const { platformNamespace } = this.accounts;
    return this.ask({
      apiVersion,
      kind: 'LocalSubjectAccessReview',
      metadata: { name: '', namespace },
      spec: {
        user: `system:serviceaccount:${platformNamespace}:${accountName(this.accounts, service)}`,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${platformNamespace}`, 'system:authenticated'],
        resourceAttributes: attributes(right, namespace),
      },
    });
  }

  private async ask(review: KubeObject): Promise<boolean> {
    return (await this.client.create<Review>(review)).status?.allowed ?? false;
  }
}

function attributes({ verb, group, resource, subresource, name }: Right, namespace: string | undefined) {
  return { verb, group, resource, subresource, name, namespace };
}
