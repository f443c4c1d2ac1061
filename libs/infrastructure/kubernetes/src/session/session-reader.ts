import { isOwned } from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { instanceSelector, labelPrefix, namespaceOf, partLabel, syncedLabel, workbenchName } from './session-names.js';
import type { KubeNamespace, KubePod } from './kube-pod.js';
import { partsOf, type SessionSight } from './session-sight.js';

/** What is there now, by the cluster's own word. */
export class SessionReader {
  constructor(
    private readonly client: KubeClient,
    readonly instance: string,
  ) {}

  /** Undefined when there is no such session; what bears its name and is not ours does not exist either. */
  async look(sessionId: string, signal: AbortSignal): Promise<SessionSight | undefined> {
    const { namespace, isForeign } = await this.namespace(sessionId, signal);
    if (!namespace || isForeign) return undefined;
    const pods = await this.client.list<KubePod>(
      resources.pod,
      { namespace: namespace.metadata.name, labelSelector: `${partLabel},!${syncedLabel}` },
      signal,
    );
    return { namespace, ...partsOf(pods) };
  }

  /** @throws AppError `conflict` when something that is not ours bears the session's name. */
  async lookOrRefuse(sessionId: string, signal: AbortSignal): Promise<SessionSight | undefined> {
    const sight = await this.look(sessionId, signal);
    if (!sight && (await this.namespace(sessionId, signal)).isForeign) {
      throw new AppError('conflict', `namespace ${namespaceOf(sessionId)} exists and is not ours`, {
        publicMessage: 'A name of the session is taken by something else on the target.',
      });
    }
    return sight;
  }

  /** Everything of this installation: namespaces, pods, and volumes that may outlive a namespace. */
  async all(signal: AbortSignal): Promise<readonly KubeObject[]> {
    const labelSelector = instanceSelector(this.instance);
    const lists = await Promise.all([
      this.client.listMetadata(resources.namespace, { labelSelector }, signal),
      // The pods of a control plane come and go with what made them; they are no objects of their own.
      this.client.listMetadata(
        resources.pod,
        { labelSelector: `${labelSelector},${partLabel}=${workbenchName},!${syncedLabel}` },
        signal,
      ),
      this.client.listMetadata(resources.persistentVolume, { labelSelector }, signal),
    ]);
    return lists.flat();
  }

  private async namespace(sessionId: string, signal: AbortSignal) {
    const name = namespaceOf(sessionId);
    const namespace = await this.client.find<KubeNamespace>(resources.namespace, { name }, signal);
    const isForeign =
      namespace !== undefined &&
      !isOwned(namespace.metadata.labels ?? {}, labelPrefix, { instance: this.instance, sessionId });
    return { namespace, isForeign };
  }
}
