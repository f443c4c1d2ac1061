import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@nalabo/kernel';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { labelPrefix } from './session-names.js';

const pollMs = 200;

/** On a volume that the cluster has made for a claim; one without it was made by people, who know what is on it. */
const provisionedBy = 'pv.kubernetes.io/provisioned-by';

interface PersistentVolume extends KubeObject {
  readonly spec?: {
    readonly claimRef?: { readonly namespace?: string };
    readonly persistentVolumeReclaimPolicy?: string;
  };
  readonly status?: { readonly phase?: string };
}

/** The volumes behind the claims of a session: they live outside its namespace and may outlive it. */
export class SessionStorage {
  constructor(private readonly client: KubeClient) {}

  /**
   * Marks the volumes of a namespace as the session's, so that they are found whatever happens next, and tells the
   * cluster to delete what is stored when they are released: a class that retains would leave it for ever. A volume that
   * an operator has made himself is his, and left as it is.
   */
  async claim(
    namespace: string,
    labels: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<readonly KubeObject[]> {
    const volumes = await this.client.list<PersistentVolume>(resources.persistentVolume, {}, signal);
    const own = volumes.filter(
      ({ spec, metadata }) =>
        spec?.claimRef?.namespace === namespace && metadata.annotations?.[provisionedBy] !== undefined,
    );
    const ours = Object.fromEntries(Object.entries(labels).filter(([key]) => key.startsWith(labelPrefix)));
    for (const { metadata } of own) {
      await this.client.patch(
        resources.persistentVolume,
        { name: metadata.name },
        { metadata: { labels: ours }, spec: { persistentVolumeReclaimPolicy: 'Delete' } },
      );
    }
    return own;
  }

  /**
   * Waits only: the cluster deletes what is stored and then the volume, and a volume that is deleted before that would
   * leave what is stored behind, known to nobody.
   * @param deadline As `performance.now()` counts.
   * @throws AppError `unavailable` naming the volume that is not removed in time.
   */
  async untilGone(volumes: readonly KubeObject[], deadline: number, signal: AbortSignal): Promise<void> {
    for (const { metadata } of volumes) {
      for (;;) {
        const volume = await this.client.find<PersistentVolume>(resources.persistentVolume, metadata, signal);
        if (volume?.metadata.uid !== metadata.uid) break;
        if (performance.now() > deadline) throw notRemoved(volume);
        await pause(pollMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

function notRemoved(volume: PersistentVolume | undefined): AppError {
  const text = `the volume ${volume?.metadata.name} of the session is not removed (${volume?.status?.phase ?? 'unknown'})`;
  return new AppError('unavailable', text);
}
