import type { InfrastructureObject } from '@nalabo/contracts';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';

const cleared = [resources.namespace, resources.pod, resources.persistentVolume] as const;

/** What a cluster holds, asked of the cluster itself and not of the target under test. */
export class ClusterLook {
  constructor(readonly client: KubeClient) {}

  /** Everything with the instance's label, or in or under the name of one of the sessions. */
  async of(instance: string, sessionIds: readonly string[]): Promise<readonly InfrastructureObject[]> {
    const lists = await Promise.all(cleared.map((kind) => this.client.listMetadata(kind, {})));
    return lists
      .flat()
      .filter(({ metadata }) => (metadata.ownerReferences ?? []).length === 0)
      .filter((object) => isMeant(object, instance, sessionIds))
      .map(({ kind, metadata }) => ({
        kind: kind.toLowerCase(),
        name: metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`,
      }));
  }
}

function isMeant({ metadata }: KubeObject, instance: string, sessionIds: readonly string[]): boolean {
  const place = `${metadata.namespace ?? ''} ${metadata.name}`;
  return metadata.labels?.['nalabo.io/instance'] === instance || sessionIds.some((id) => place.includes(id));
}
