import type { TargetHealth } from '@nalabo/contracts';
import { type Probe, TargetRegistry } from '@nalabo/infrastructure-port';
import { type RowLease, Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';

interface HealthRow extends Omit<TargetHealth, 'checkedAt'> {
  readonly checkedAt: Date;
}

/** The last probe of every target. */
@Injectable()
export class TargetHealthStore {
  constructor(
    private readonly transaction: Transaction,
    private readonly targets: TargetRegistry,
  ) {}

  /** Keeps nothing when the lease of the target was lost. */
  async keep({ reachable, reason, version }: Probe, lease: RowLease): Promise<void> {
    await this.transaction.run((manager) =>
      manager.query(
        `UPDATE targets SET reachable = $3, reason = $4, version = $5, checked_at = clock_timestamp()
         WHERE name = $1 AND lease_token = $2`,
        [lease.key, lease.token, reachable, reason, version],
      ),
    );
  }

  /** Of the targets that are configured; one that was never probed is missing. */
  async all(): Promise<TargetHealth[]> {
    const names = this.targets.all().map(({ name }) => name);
    const rows: HealthRow[] = await this.transaction.run((manager) =>
      manager.query(
        `SELECT name, reachable, reason, version, checked_at AS "checkedAt" FROM targets
         WHERE name = ANY($1) AND checked_at IS NOT NULL ORDER BY name`,
        [names],
      ),
    );
    return rows.map((row) => ({ ...row, checkedAt: row.checkedAt.toISOString() }));
  }
}
