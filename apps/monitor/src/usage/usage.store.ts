import type { UsageSample } from '@nalabo/infrastructure-port';
import { databaseNow, type RowLease, Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TargetLeases } from '../targets/target-leases.js';
import type { CpuReading } from './cpu-rate.js';
import { measure } from './to-usage.js';
import { UsageSampleEntity } from './usage-sample.entity.js';

const historyLength = 60;
const pruneBatch = 5000;

const previousSql = `
  SELECT DISTINCT ON (session_id) session_id AS "sessionId", at, cpu_seconds_total AS "cpuSecondsTotal"
  FROM usage_samples WHERE session_id = ANY($1) AND at > clock_timestamp() - interval '1 minute'
  ORDER BY session_id, at DESC`;

const pruneSql = `
  DELETE FROM usage_samples WHERE (session_id, at) IN (
    SELECT session_id, at FROM usage_samples
    WHERE at < clock_timestamp() - interval '7 days' LIMIT ${pruneBatch})`;

/** What sessions used, by the database's clock: samples of two processes can be compared. */
@Injectable()
export class UsageStore {
  constructor(
    private readonly transaction: Transaction,
    private readonly leases: TargetLeases,
  ) {}

  /** Keeps the samples of one sweep and gives them with their rates; nothing when the lease of the target was lost. */
  async keep(samples: readonly UsageSample[], lease: RowLease): Promise<readonly UsageSampleEntity[]> {
    return this.transaction.run(async (manager) => {
      if (!(await this.leases.hold(manager, lease))) return [];
      const at = await databaseNow(manager);
      const previous = await this.previousReadings(manager, samples);
      const measured = samples.map((sample) => measure(sample, at, previous.get(sample.sessionId)));
      await manager.insert(UsageSampleEntity, measured);
      return measured;
    });
  }

  /** The latest samples of a session, oldest first, and the time by which to judge their age. */
  async history(sessionId: string): Promise<{ readonly now: Date; readonly samples: readonly UsageSampleEntity[] }> {
    return this.transaction.run(async (manager) => {
      const order = { at: 'DESC' } as const;
      const samples = await manager.find(UsageSampleEntity, { where: { sessionId }, order, take: historyLength });
      return { now: await databaseNow(manager), samples: samples.toReversed() };
    });
  }

  /** Removes what is older than it is kept. True when there may be more. */
  async prune(): Promise<boolean> {
    const [, count]: [unknown, number] = await this.transaction.run((manager) => manager.query(pruneSql));
    return count === pruneBatch;
  }

  private async previousReadings(
    manager: EntityManager,
    samples: readonly UsageSample[],
  ): Promise<ReadonlyMap<string, CpuReading>> {
    const ids = samples.map(({ sessionId }) => sessionId);
    const rows: (CpuReading & { sessionId: string })[] = await manager.query(previousSql, [ids]);
    return new Map(rows.map((row) => [row.sessionId, row]));
  }
}
