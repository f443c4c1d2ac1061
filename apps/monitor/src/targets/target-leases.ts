import { TargetRegistry } from '@nalabo/infrastructure-port';
import { type RowLease, RowLeases, Transaction } from '@nalabo/persistence';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { replicaName } from '../replica-name.js';

/** Three passes: a slow one doesn't lose the target, and a dead monitor is replaced within half a minute. */
const leaseSeconds = 30;

/** Which targets this process watches. Each is watched by one monitor at a time, so its figures are published once. */
@Injectable()
export class TargetLeases {
  private readonly rows: RowLeases;
  private held: readonly RowLease[] = [];

  constructor(
    private readonly transaction: Transaction,
    private readonly targets: TargetRegistry,
    @Inject(replicaName) replica: string,
  ) {
    this.rows = new RowLeases({ table: 'targets', key: 'name', leaseSeconds }, replica);
  }

  /** Keeps what is held, takes what is free, and gives all leases. */
  async refresh(): Promise<readonly RowLease[]> {
    const names = this.targets.all().map(({ name }) => name);
    this.held = await this.transaction.run(async (manager) => {
      await manager.query('INSERT INTO targets (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [names]);
      const renewed: RowLease[] = [];
      for (const lease of this.held) {
        const later = await this.rows.renew(manager, lease);
        if (later) renewed.push(later);
      }
      const free = { condition: 'name = ANY($1)', parameters: [names], orderBy: 'name', limit: names.length };
      return [...renewed, ...(await this.rows.claim(manager, free))];
    });
    return this.held;
  }

  current(): readonly RowLease[] {
    return this.held;
  }

  hold(manager: EntityManager, lease: RowLease): Promise<boolean> {
    return this.rows.hold(manager, lease);
  }

  /** Lets another monitor take over at once. */
  async release(): Promise<void> {
    const leases = this.held;
    this.held = [];
    await this.transaction.run(async (manager) => {
      for (const lease of leases) await this.rows.release(manager, lease);
    });
  }
}
