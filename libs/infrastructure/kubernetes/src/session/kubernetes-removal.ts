import { setTimeout as pause } from 'node:timers/promises';
import type { InfrastructureObject, RemovedObject } from '@nalabo/contracts';
import { AppError, toAppError, type Clock } from '@nalabo/kernel';
import { isForbidden, refuseAborted } from '../cluster/errors.js';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources, type KubeResource } from '../cluster/kube-resource.js';
import { whyNamespaceHangs } from './blocked-namespace.js';
import type { KubeNamespace } from './kube-pod.js';
import { learnerKinds } from './learner-kinds.js';
import { sessionSelector } from './session-names.js';
import type { SessionStorage } from './session-storage.js';
import { toOwnedObject } from './session-sight.js';

const pollMs = 200;

export interface RemovalSettings {
  readonly instance: string;
  /** How long one call waits for a namespace and its volumes to be gone before it says what holds it. */
  readonly removalPatienceMs: number;
}

/** Everything that a session's namespace may hold of ours, or of its learner's, and that a receipt should name. */
const contents: readonly KubeResource[] = [
  ...learnerKinds.filter(({ isPrunable }) => isPrunable),
  resources.serviceAccount,
  resources.resourceQuota,
  resources.limitRange,
  resources.networkPolicy,
  resources.role,
  resources.roleBinding,
];

const clusterScoped = [resources.clusterRoleBinding, resources.clusterRole] as const;

/** Removes sessions and does not answer before they are gone. Finalizers are respected: none of them is ours. */
export class KubernetesRemoval {
  constructor(
    private readonly client: KubeClient,
    private readonly storage: SessionStorage,
    private readonly clock: Clock,
    private readonly settings: RemovalSettings,
  ) {}

  /**
   * @throws AppError that names in `details.removing` what goes with the namespace, for a receipt to know it all the same;
   *   `unavailable` with what holds the namespace when it is not gone in time.
   */
  async remove(namespace: KubeNamespace, sessionId: string, signal: AbortSignal): Promise<readonly RemovedObject[]> {
    const { name, uid } = namespace.metadata;
    const deadline = this.deadline();
    const inside = await this.inside(name, signal);
    const volumes = await this.storage.claim(name, namespace.metadata.labels ?? {}, signal);
    return this.reported([namespace, ...inside, ...volumes], async () => {
      refuseAborted(signal, `remove namespace ${name}`);
      await this.client.delete(resources.namespace, { name }, { uid });
      // The cluster waits some seconds before it begins with the content; pods that are gone by then hold nothing up.
      await this.client.deleteAll(resources.pod, name, { gracePeriodSeconds: 1 }).catch(nothingIfForbidden);
      await this.untilGone(namespace, deadline, signal);
      await this.storage.untilGone(volumes, deadline, signal);
      return this.removeOutside(sessionId, signal);
    });
  }

  /**
   * What an end that was cut short has left when the namespace is gone.
   * @throws AppError `unavailable` that names the volume that is not gone in time.
   */
  async removeLeft(
    sessionId: string,
    volumes: readonly KubeObject[],
    signal: AbortSignal,
  ): Promise<readonly RemovedObject[]> {
    return this.reported(volumes, async () => {
      await this.storage.untilGone(volumes, this.deadline(), signal);
      return this.removeOutside(sessionId, signal);
    });
  }

  /** The receipt for what is known beforehand and what else `removes` finds; when it fails, the error names the first. */
  private async reported(
    known: readonly KubeObject[],
    removes: () => Promise<readonly KubeObject[]>,
  ): Promise<readonly RemovedObject[]> {
    try {
      const others = await removes();
      const at = this.clock.now().toISOString();
      return namesOf([...known, ...others]).map((object) => ({ ...object, at }));
    } catch (error) {
      const { kind, message, publicMessage, details } = toAppError(error);
      throw new AppError(kind, message, {
        cause: error,
        publicMessage,
        details: { ...details, removing: namesOf(known) },
      });
    }
  }

  private deadline(): number {
    return performance.now() + this.settings.removalPatienceMs;
  }

  /** Cluster-scoped objects that carry the session's labels; they do not end with its namespace. */
  private async removeOutside(sessionId: string, signal: AbortSignal): Promise<readonly KubeObject[]> {
    const labelSelector = sessionSelector(this.settings.instance, sessionId);
    const found: KubeObject[] = [];
    for (const kind of clusterScoped) {
      for (const object of await this.client.listMetadata(kind, { labelSelector }, signal)) {
        await this.client.delete(kind, { name: object.metadata.name });
        found.push(object);
      }
    }
    return found;
  }

  /**
   * Nothing where we may not look: whoever builds a session lets the platform in before anything else, and what lets us
   * in goes with the rest of a namespace that is ending.
   */
  private async inside(namespace: string, signal: AbortSignal): Promise<readonly KubeObject[]> {
    const looks = contents.map((kind) => this.client.listMetadata(kind, { namespace }, signal));
    const lists = await Promise.all(looks).catch(nothingIfForbidden);
    return lists.flat().filter((object) => !isMadeByCluster(object));
  }

  private async untilGone(namespace: KubeNamespace, deadline: number, signal: AbortSignal): Promise<void> {
    const { name, uid } = namespace.metadata;
    for (;;) {
      const now = await this.client.find<KubeNamespace>(resources.namespace, { name }, signal);
      if (now?.metadata.uid !== uid) return;
      if (performance.now() > deadline) throw await this.hanging(now, signal);
      await pause(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async hanging(namespace: KubeNamespace | undefined, signal: AbortSignal): Promise<AppError> {
    if (!namespace) throw new Error('a namespace that is gone does not hang');
    const { name } = namespace.metadata;
    const left = await this.inside(name, signal);
    const held = left.filter(({ metadata }) => (metadata.finalizers ?? []).length > 0);
    const services = await this.client.list<ApiService>(resources.apiService, {}, signal);
    const dead = services.filter(isUnavailable).map(({ metadata }) => metadata.name);
    const why = whyNamespaceHangs(namespace, held, dead);
    return new AppError('unavailable', `namespace ${name} is not gone: ${why.message}`, {
      publicMessage: `The session is not gone yet: ${why.publicMessage}.`,
    });
  }
}

function namesOf(objects: readonly KubeObject[]): readonly InfrastructureObject[] {
  return objects.map(toOwnedObject).map(({ kind, name }) => ({ kind, name }));
}

interface ApiService extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

function isUnavailable({ status }: ApiService): boolean {
  return (
    status?.conditions?.some((condition) => condition.type === 'Available' && condition.status === 'False') ?? false
  );
}

/** Every namespace has these from the cluster itself. */
function isMadeByCluster({ kind, metadata }: KubeObject): boolean {
  return (
    (kind === 'ServiceAccount' && metadata.name === 'default') ||
    (kind === 'ConfigMap' && metadata.name === 'kube-root-ca.crt')
  );
}

function nothingIfForbidden(error: unknown): [] {
  if (isForbidden(error)) return [];
  throw error;
}
