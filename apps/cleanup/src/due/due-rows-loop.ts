import { BackgroundLoop, RowLeases, type RowLease, type Transaction } from '@nalabo/persistence';
import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** What the work found out, written while the row is still ours. */
export type Write = (manager: EntityManager) => Promise<void>;

export interface DueRowsOptions {
  readonly table: 'deadlines' | 'receipts';
  /** When the row wants work; null when it wants none. */
  readonly dueColumn: string;
  /** Longer than the work takes; after a crash the row waits so long for another replica. */
  readonly leaseSeconds: number;
  readonly holder: string;
  /** Does the work of one session outside any transaction. When it rejects, the row is tried again after the lease. */
  readonly work: (sessionId: string) => Promise<Write>;
}

const rowsPerPass = 10;
/** A row that another replica adds or moves is seen after this time at the latest. */
const intervalMilliseconds = 5_000;

/**
 * Works on rows when they come due, each on one replica only. It looks at the very moment at which the next row is due, at
 * once while many are, and every few seconds for rows that other replicas have added.
 */
export class DueRowsLoop {
  private readonly logger: Logger;
  private readonly leases: RowLeases;
  private readonly loop: BackgroundLoop;

  constructor(
    private readonly transaction: Transaction,
    private readonly options: DueRowsOptions,
  ) {
    const { table, leaseSeconds, holder } = options;
    this.logger = new Logger(`Due ${table}`);
    this.leases = new RowLeases({ table, key: 'session_id', leaseSeconds }, holder);
    this.loop = new BackgroundLoop({
      pass: () => this.pass(),
      intervalMilliseconds,
      backoff: { firstMilliseconds: 500, factor: 2, maximumMilliseconds: 5_000 },
      onFailure: (error, failures) => {
        // A connection that breaks is made again at once; only what lasts longer is worth telling.
        if (failures === 2) this.logger.warn(`cannot look for due rows, trying on: ${String(error)}`);
      },
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Looks now: a row was added or moved. */
  wake(): void {
    this.loop.wake();
  }

  /** Settles when the work under way has ended. */
  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async pass(): Promise<boolean | number> {
    const claimed = await this.claim();
    await Promise.all(claimed.map((lease) => this.work(lease)));
    if (claimed.length === rowsPerPass) return true;
    return this.untilNextDue();
  }

  private claim(): Promise<RowLease[]> {
    const { dueColumn } = this.options;
    const condition = `${dueColumn} <= clock_timestamp()`;
    return this.transaction.run((manager) =>
      this.leases.claim(manager, { condition, orderBy: dueColumn, limit: rowsPerPass }),
    );
  }

  /** Never rejects: one session that cannot be worked on must not hold up the others. */
  private async work(lease: RowLease): Promise<void> {
    try {
      const write = await this.options.work(lease.key);
      await this.transaction.run(async (manager) => {
        if (!(await this.leases.hold(manager, lease))) return;
        await write(manager);
        await this.leases.release(manager, lease);
      });
    } catch (error) {
      this.logger.warn(`session ${lease.key} is tried again later: ${String(error)}`);
    }
  }

  /** Milliseconds by the database's clock, or false when no row waits. */
  private async untilNextDue(): Promise<number | false> {
    const { table, dueColumn } = this.options;
    const [row] = await this.transaction.run((manager) =>
      manager.query<{ milliseconds: string | null }[]>(
        `SELECT extract(epoch FROM min(greatest(${dueColumn}, lease_until)) - clock_timestamp()) * 1000 AS milliseconds
         FROM ${table} WHERE ${dueColumn} IS NOT NULL`,
      ),
    );
    return row?.milliseconds == null ? false : Number(row.milliseconds);
  }
}
