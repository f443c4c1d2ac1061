import { Informer } from '../cluster/informer.js';
import type { KubeClient } from '../cluster/kube.client.js';
import { resources } from '../cluster/kube-resource.js';
import { isOurs } from './foreign-namespace.js';
import type { KubeNamespace, KubePod } from './kube-pod.js';
import { instanceSelector, namespaceOf, syncedLabel } from './session-names.js';
import { partsOf, type SessionSight } from './session-sight.js';
import { sessionState } from './session-state.js';

/**
 * The sessions that are well, from one watch per kind for all of them: looking at thousands of sessions again and again
 * costs the cluster nothing. Whatever is not well, or not known for sure, is to be asked of the cluster itself.
 */
export class SessionCache {
  private readonly namespaces: Informer<KubeNamespace>;
  private readonly pods: Informer<KubePod>;

  constructor(
    client: KubeClient,
    private readonly instance: string,
  ) {
    const selector = instanceSelector(instance);
    this.namespaces = new Informer(client, resources.namespace, selector);
    this.pods = new Informer(client, resources.pod, `${selector},!${syncedLabel}`);
  }

  well(sessionId: string): SessionSight | undefined {
    const name = namespaceOf(sessionId);
    const namespace = this.namespaces.get({ name });
    const pods = this.pods.inside(name);
    if (!namespace || !pods || !isOurs(namespace, this.instance, sessionId)) return undefined;
    const sight = { namespace, ...partsOf([...pods.values()]) };
    return sessionState(sight).readiness === 'ready' ? sight : undefined;
  }

  async close(): Promise<void> {
    await Promise.all([this.namespaces.close(), this.pods.close()]);
  }
}
