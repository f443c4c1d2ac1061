import type { MetricsView } from '@nalabo/contracts';
import { TargetRegistry } from '@nalabo/infrastructure-port';
import { type SessionId, toAppError } from '@nalabo/kernel';
import { Injectable } from '@nestjs/common';
import { measure, toUsage } from '../usage/to-usage.js';
import type { UsageSampleEntity } from '../usage/usage-sample.entity.js';
import { UsageStore } from '../usage/usage.store.js';
import type { ResolvedSession } from './session-lookup.js';

/** A kept sample that is younger counts as what the session uses now. */
const currentMilliseconds = 5000;
const lookMilliseconds = 4000;

type Current = Pick<MetricsView, 'current' | 'unavailableReason'>;
const without = (unavailableReason: string): Current => ({ current: null, unavailableReason });

@Injectable()
export class SessionMetrics {
  constructor(
    private readonly targets: TargetRegistry,
    private readonly usage: UsageStore,
  ) {}

  async of(session: ResolvedSession): Promise<MetricsView> {
    const { sessionId, limits } = session;
    const { now, samples } = await this.usage.history(sessionId);
    const current = await this.current(session, samples.at(-1), now);
    return { sessionId, limits, ...current, history: samples.map(toUsage) };
  }

  private async current(session: ResolvedSession, last: UsageSampleEntity | undefined, now: Date): Promise<Current> {
    if (session.state === 'TERMINATED') return without('the session has ended');
    if (last && now.getTime() - last.at.getTime() <= currentMilliseconds) {
      return { current: toUsage(last), unavailableReason: null };
    }
    try {
      const ref = { sessionId: session.sessionId as SessionId, generation: session.generation };
      const { observe } = this.targets.get(session.target);
      const askedAt = performance.now();
      const [sample] = await observe.usage([ref], AbortSignal.timeout(lookMilliseconds));
      if (!sample) return without('the workbench is not running');
      // The kept sample has the database's time, so this one gets it too: what it was before the look, and the look.
      const at = new Date(now.getTime() + performance.now() - askedAt);
      return { current: toUsage(measure(sample, at, last)), unavailableReason: null };
    } catch (error) {
      return without(toAppError(error).publicMessage);
    }
  }
}
