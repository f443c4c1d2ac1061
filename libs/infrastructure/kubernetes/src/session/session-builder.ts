import type { Isolation } from '@nalabo/contracts';
import type { SessionSpec } from '@nalabo/infrastructure-port';
import { AppError, retry, type Clock } from '@nalabo/kernel';
import { isQuotaNotSeenYet } from '../cluster/errors.js';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import type { KubeNamespace } from './kube-pod.js';
import { boundaryObjects, namespaceObject } from './namespace-objects.js';
import { sessionLabels } from './session-names.js';
import { namespaceOverhead } from './session-resources.js';
import { workbenchPod, type VirtualApi } from './workbench-pod.js';

const quotaRetry = { attempts: 40, firstMilliseconds: 25, factor: 1.3, maximumMilliseconds: 500 };

export interface BuilderSettings {
  readonly instance: string;
  readonly platformNamespace: string;
  readonly workbenchImage: string;
  /** For sessions whose workshop says nothing. */
  readonly isolation: Isolation;
}

/** Makes what is missing of a session, in an order that leaves no pod without its boundaries. */
export class SessionBuilder {
  constructor(
    private readonly client: KubeClient,
    private readonly clock: Clock,
    private readonly settings: BuilderSettings,
  ) {}

  async build(spec: SessionSpec, namespace: KubeNamespace | undefined, signal: AbortSignal): Promise<void> {
    const isolation = spec.isolation ?? this.settings.isolation;
    const surroundings = { ...this.settings, isolation };
    signal.throwIfAborted();
    if (!namespace) await unlessTaken(this.client.create(namespaceObject(spec, surroundings)));
    await this.applyAll(boundaryObjects(spec, surroundings, { overhead: namespaceOverhead, pods: 0 }), signal);
    await this.createWorkbench(spec, null, signal);
  }

  private async createWorkbench(spec: SessionSpec, virtualApi: VirtualApi | null, signal: AbortSignal): Promise<void> {
    const isolation = spec.isolation ?? this.settings.isolation;
    const pod = workbenchPod(spec, {
      image: this.settings.workbenchImage,
      labels: sessionLabels(this.settings.instance, spec, isolation),
      share: spec.limits,
      now: this.clock.now(),
      virtualApi,
    });
    signal.throwIfAborted();
    await retry(() => unlessTaken(this.client.create(pod)), {
      ...quotaRetry,
      signal,
      isWorthRetrying: isQuotaNotSeenYet,
    });
  }

  private async applyAll(objects: readonly KubeObject[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const applied = await Promise.allSettled(objects.map((object) => this.client.apply(object)));
    const failed = applied.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

/** Somebody else was faster; the look that follows tells whether what he made is ours. */
async function unlessTaken(create: Promise<unknown>): Promise<void> {
  try {
    await create;
  } catch (error) {
    if (!(error instanceof AppError && error.details['reason'] === 'AlreadyExists')) throw error;
  }
}
