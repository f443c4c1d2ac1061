import { AppError, systemClock, type Clock } from '@nalabo/kernel';
import type { SessionRef, UsageSample } from '@nalabo/infrastructure-port';
import type { KubeClient } from '../cluster/kube.client.js';
import { resources } from '../cluster/kube-resource.js';
import { namespaceOf } from '../session/session-names.js';
import { advance, type CpuCounter } from './cpu-counter.js';
import { usageByNamespace, type NamespaceUsage, type PodMetrics } from './pod-metrics.js';

/** Metrics may be away for a while, and a counter that begins anew would fall. */
const forgottenAfterMilliseconds = 60 * 60_000;

/**
 * The figures of sessions, in one call for a whole cluster. A cluster knows no traffic and no processes, and of the CPU
 * only rates. No label is common to all the pods that count, so the pods of others are in the answer too.
 */
export class KubernetesUsage {
  private readonly counters = new Map<string, CpuCounter>();

  constructor(
    private readonly client: KubeClient,
    private readonly clock: Clock = systemClock,
  ) {}

  /** Without a metrics API there are no samples. @throws AppError when the cluster is away. */
  async usage(refs: readonly SessionRef[], signal: AbortSignal): Promise<readonly UsageSample[]> {
    if (refs.length === 0) return [];
    const usages = usageByNamespace(await this.podMetrics(signal));
    this.forgetOld();
    return refs.flatMap(({ sessionId }) => {
      const usage = usages.get(namespaceOf(sessionId));
      return usage ? [this.sample(sessionId, usage)] : [];
    });
  }

  private async podMetrics(signal: AbortSignal): Promise<readonly PodMetrics[]> {
    try {
      return await this.client.list<PodMetrics>(resources.podMetrics, {}, signal);
    } catch (error) {
      if (isWithoutMetrics(error)) return [];
      throw error;
    }
  }

  private sample(sessionId: string, usage: NamespaceUsage): UsageSample {
    const counter = advance(this.counters.get(sessionId), usage, this.clock.now());
    this.counters.set(sessionId, counter);
    return {
      sessionId,
      cpuSecondsTotal: counter.secondsTotal,
      memoryBytes: usage.memoryBytes,
      networkReceivedBytes: null,
      networkSentBytes: null,
      processes: null,
    };
  }

  private forgetOld(): void {
    const oldest = this.clock.now().getTime() - forgottenAfterMilliseconds;
    for (const [sessionId, { at }] of this.counters) if (at.getTime() < oldest) this.counters.delete(sessionId);
  }
}

/** The API server answers 404 where no metrics API is registered, and 503 where its server is away. */
function isWithoutMetrics(error: unknown): boolean {
  return error instanceof AppError && [404, 503].includes(Number(error.details['status']));
}
