import type { Clock } from '@nalabo/kernel';
import { isAlreadyThere } from '../cluster/errors.js';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { kubeconfigSecret } from '../session/session-names.js';
import { type AuthoritySession, createSessionAuthority, issueSessionKubeconfig } from './session-authority.js';
import { certificatesSecret } from './virtual-cluster-names.js';

/**
 * The authority of each virtual cluster and the learner's kubeconfig, which is of that authority. Each is made once: what has
 * been made before is left as it is, with the certificates that the control plane has added, and of two that are made at
 * the same moment the first one counts.
 */
export class VirtualClusterSecrets {
  constructor(
    private readonly client: KubeClient,
    private readonly clock: Clock,
  ) {}

  async ensure(session: AuthoritySession, signal: AbortSignal): Promise<void> {
    const { namespace } = session;
    const find = (name: string) => this.client.find<KubeObject>(resources.secret, { namespace, name }, signal);
    const [authority, kubeconfig] = await Promise.all([find(certificatesSecret), find(kubeconfigSecret)]);
    if (authority && kubeconfig) return;
    const first = authority ?? (await this.makeOnce(await createSessionAuthority(session, this.clock), signal));
    const issued = await issueSessionKubeconfig(first, session, this.clock);
    // One that is there is of an authority that was lost.
    if (kubeconfig) await this.client.apply(issued);
    else await this.makeOnce(issued, signal);
  }

  private async makeOnce(secret: KubeObject, signal: AbortSignal): Promise<KubeObject> {
    try {
      return await this.client.create<KubeObject>(secret);
    } catch (error) {
      if (!isAlreadyThere(error)) throw error;
      return this.client.get<KubeObject>(resources.secret, secret.metadata, signal);
    }
  }
}
