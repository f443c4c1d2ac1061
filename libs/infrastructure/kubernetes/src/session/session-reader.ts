import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { isOurs, refuseForeign } from './foreign-namespace.js';
import type { KubeNamespace, KubePod } from './kube-pod.js';
import {
  instanceSelector,
  namespaceOf,
  partLabel,
  sessionSelector,
  syncedLabel,
  workbenchName,
} from './session-names.js';
import { partsOf, type SessionSight } from './session-sight.js';

/** What is there now, by the cluster's own word. */
export class SessionReader {
  constructor(
    private readonly client: KubeClient,
    private readonly instance: string,
  ) {}

  /** Undefined when there is no such session; what bears its name and is not ours does not exist either. */
  async look(sessionId: string, signal: AbortSignal): Promise<SessionSight | undefined> {
    const namespace = await this.namespace(sessionId, signal);
    return namespace && isOurs(namespace, this.instance, sessionId) ? this.inside(namespace, signal) : undefined;
  }

  /** @throws AppError `conflict` when something that is not ours bears the session's name. */
  async lookOrRefuse(sessionId: string, signal: AbortSignal): Promise<SessionSight | undefined> {
    const namespace = await this.namespace(sessionId, signal);
    refuseForeign(namespace, this.instance, sessionId);
    return namespace && this.inside(namespace, signal);
  }

  /** The volumes that are marked as the session's: they may outlive its namespace. */
  volumesOf(sessionId: string, signal: AbortSignal): Promise<readonly KubeObject[]> {
    const labelSelector = sessionSelector(this.instance, sessionId);
    return this.client.listMetadata(resources.persistentVolume, { labelSelector }, signal);
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

  private namespace(sessionId: string, signal: AbortSignal): Promise<KubeNamespace | undefined> {
    return this.client.find<KubeNamespace>(resources.namespace, { name: namespaceOf(sessionId) }, signal);
  }

  private async inside(namespace: KubeNamespace, signal: AbortSignal): Promise<SessionSight> {
    const query = { namespace: namespace.metadata.name, labelSelector: `${partLabel},!${syncedLabel}` };
    return { namespace, ...partsOf(await this.client.list<KubePod>(resources.pod, query, signal)) };
  }
}
