import { setTimeout as pause } from 'node:timers/promises';
import type { RemovedObject } from '@nalabo/contracts';
import {
  absent,
  type LifecycleFacet,
  type Observation,
  type SessionRef,
  type SessionSpec,
} from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import type { KubeClient } from '../cluster/kube.client.js';
import { resources } from '../cluster/kube-resource.js';
import type { InitialObjects } from '../apply/initial-objects.js';
import type { KubeNamespace, KubePod } from './kube-pod.js';
import type { KubernetesRemoval } from './kubernetes-removal.js';
import type { SessionBuilder } from './session-builder.js';
import { sessionFault } from './session-fault.js';
import { identityOf, initialAnnotation, type InitialState } from './session-names.js';
import type { SessionReader } from './session-reader.js';
import { toObservation, type SessionSight } from './session-sight.js';
import { awaitsInitial, lacksControlPlane, unnoted } from './session-state.js';

const podPatienceMs = 10_000;
/** How long the pod of a new control plane may take to be made, which is not to say started. */
const controlPlanePatienceMs = 5000;
const pollMs = 100;

/**
 * Builds and removes sessions. Each call starts from what the cluster shows, so a process may die anywhere and another
 * goes on; nothing is remembered here. The workbench is made last: where it is, nothing else is missing but a control
 * plane that was lost later.
 */
export class KubernetesLifecycle implements LifecycleFacet {
  constructor(
    private readonly client: KubeClient,
    private readonly reader: SessionReader,
    private readonly builder: SessionBuilder,
    private readonly removal: KubernetesRemoval,
    private readonly initial: Pick<InitialObjects, 'apply'>,
  ) {}

  async ensure(spec: SessionSpec, signal: AbortSignal): Promise<Observation> {
    const found = await this.withoutStale(spec, await this.reader.lookOrRefuse(spec.sessionId, signal), signal);
    const isWhole = (await this.usable(found?.workbench, signal)) && found && !lacksControlPlane(found);
    const seen = isWhole ? found : await this.built(spec, found, signal);
    if (!seen) return absent;
    const sight = await this.noted(seen);
    const fault = sessionFault(sight);
    if (fault) throw new AppError('unprocessable', `session ${spec.sessionId}: ${fault}`, { publicMessage: fault });
    return toObservation(await this.furnished(spec, sight, signal));
  }

  /** Leaves a newer generation than the reference's alone: it belongs to somebody who knows better. */
  async destroy(ref: SessionRef, signal: AbortSignal): Promise<readonly RemovedObject[]> {
    const sight = await this.reader.look(ref.sessionId, signal);
    if (!sight) {
      return this.removal.removeLeft(ref.sessionId, await this.reader.volumesOf(ref.sessionId, signal), signal);
    }
    if (generationOf(sight) > ref.generation) return [];
    return this.removal.remove(sight.namespace, ref.sessionId, signal);
  }

  /** With the pod of a control plane in it, so that the first of a session is noted before anybody relies on it. */
  private async built(
    spec: SessionSpec,
    found: SessionSight | undefined,
    signal: AbortSignal,
  ): Promise<SessionSight | undefined> {
    await this.builder.build(spec, found?.namespace, signal);
    const deadline = performance.now() + controlPlanePatienceMs;
    for (;;) {
      const sight = await this.reader.look(spec.sessionId, signal);
      if (!sight || !lacksControlPlane(sight) || performance.now() > deadline) return sight;
      await pause(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async withoutStale(
    spec: SessionSpec,
    sight: SessionSight | undefined,
    signal: AbortSignal,
  ): Promise<SessionSight | undefined> {
    if (!sight) return undefined;
    if (generationOf(sight) > spec.generation) {
      throw new AppError('conflict', `session ${spec.sessionId} has been built in a newer generation`);
    }
    const isEnding = sight.namespace.metadata.deletionTimestamp !== undefined;
    if (generationOf(sight) === spec.generation && !isEnding) return sight;
    await this.removal.remove(sight.namespace, spec.sessionId, signal);
    return undefined;
  }

  /** The workbench when it runs or may still run; one that has ended for good is removed first. */
  private async usable(pod: KubePod | undefined, signal: AbortSignal): Promise<KubePod | undefined> {
    if (!pod) return undefined;
    const isOver = pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
    const isEnding = pod.metadata.deletionTimestamp !== undefined;
    if (!isOver && !isEnding) return pod;
    const { uid, ...at } = pod.metadata;
    await this.client.delete(resources.pod, at, { uid, gracePeriodSeconds: 1 });
    const deadline = performance.now() + podPatienceMs;
    while ((await this.client.find(resources.pod, at, signal))?.metadata.uid === uid) {
      if (performance.now() > deadline)
        throw new AppError('unavailable', `pod ${at.namespace}/${at.name} does not end`);
      await pause(pollMs, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }

  /** With what the workshop brings in it, once everything runs. A session that was ready once is left as it is. */
  private async furnished(spec: SessionSpec, sight: SessionSight, signal: AbortSignal): Promise<SessionSight> {
    if (!awaitsInitial(sight)) return sight;
    await this.initial.apply(spec, signal);
    const annotations = { [initialAnnotation]: 'applied' satisfies InitialState };
    const at = { name: sight.namespace.metadata.name };
    const namespace = await this.client.patch<KubeNamespace>(resources.namespace, at, { metadata: { annotations } });
    return { ...sight, namespace };
  }

  /** A restart by its node, with its files, or another control plane: from now on that counts as running. */
  private async noted(sight: SessionSight): Promise<SessionSight> {
    const annotations = unnoted(sight);
    if (!annotations || !sight.workbench) return sight;
    const at = sight.workbench.metadata;
    const workbench = await this.client.patch<KubePod>(resources.pod, at, { metadata: { annotations } });
    return { ...sight, workbench };
  }
}

function generationOf({ namespace }: SessionSight): number {
  return identityOf(namespace.metadata.labels).generation;
}
