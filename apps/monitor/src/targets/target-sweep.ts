import { type OwnedObject, type SessionRef, TargetRegistry } from '@nalabo/infrastructure-port';
import { type SessionId, toAppError } from '@nalabo/kernel';
import type { RowLease } from '@nalabo/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { UsageStore } from '../usage/usage.store.js';
import { summarize, type TargetFigures } from './summarize.js';
import { TargetHealthStore } from './target-health.store.js';

const passMilliseconds = 8000;

/** One look at a whole target: can it be reached, which sessions are there, what do they use. */
@Injectable()
export class TargetSweep {
  private readonly logger = new Logger(TargetSweep.name);

  constructor(
    private readonly targets: TargetRegistry,
    private readonly health: TargetHealthStore,
    private readonly usage: UsageStore,
  ) {}

  /** A target that can't be reached is a finding. @throws AppError when the database is away. */
  async sweep(lease: RowLease): Promise<TargetFigures> {
    const { observe } = this.targets.get(lease.key);
    const signal = AbortSignal.timeout(passMilliseconds);
    const probe = await observe.probe(signal).catch((error: unknown) => unreachable(error));
    await this.health.keep(probe, lease);
    if (!probe.reachable) return { unreachable: 1 };
    try {
      const refs = sessionsOf(await observe.list(signal));
      const samples = await this.usage.keep(await observe.usage(refs, signal), lease);
      return summarize(refs.length, samples);
    } catch (thrown) {
      // Reachable and yet not countable: the gauges of this pass stay empty rather than wrong.
      this.logger.warn(`cannot sample target ${lease.key}: ${toAppError(thrown).message}`);
      return { unreachable: 0 };
    }
  }
}

function unreachable(thrown: unknown) {
  return { reachable: false, reason: toAppError(thrown).publicMessage, version: null };
}

/** Each session once, whatever it consists of on this kind of target. */
function sessionsOf(objects: readonly OwnedObject[]): readonly SessionRef[] {
  const generations = new Map(objects.map(({ sessionId, generation }) => [sessionId, generation]));
  return [...generations].map(([sessionId, generation]) => ({ sessionId: sessionId as SessionId, generation }));
}
