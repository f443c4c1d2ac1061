import { newId } from '@nalabo/kernel';
import type { EntityManager } from 'typeorm';

/** A table with the columns `lease_holder`, `lease_token` (text) and `lease_until` (timestamptz), all null when free. */
export interface LeasedTable {
  readonly table: string;
  /** The column that identifies a row; text. */
  readonly key: string;
  readonly leaseSeconds: number;
}

/** The right to work on a row until `until`, by the database's clock. */
export interface RowLease extends LeaseKey {
  readonly until: Date;
}

/** What proves that a lease is held. */
export interface LeaseKey {
  readonly key: string;
  readonly token: string;
}

export interface Claim {
  /** SQL over the row's columns, with parameters from `$1`; what is not due is not claimed. */
  readonly condition: string;
  readonly parameters?: readonly unknown[];
  /** Which rows come first when more are due than `limit`; the claimed ones come back in no order. */
  readonly orderBy: string;
  readonly limit: number;
}

/**
 * Shares rows among any number of workers. A worker that was paused past its lease finds out by `hold`: another one has
 * the row then, and its token no longer matches.
 */
export class RowLeases {
  constructor(
    private readonly leased: LeasedTable,
    private readonly holder: string,
  ) {}

  /** Takes free or abandoned rows; rows that others are claiming at this moment are passed over. */
  async claim(manager: EntityManager, claim: Claim): Promise<RowLease[]> {
    const parameters = claim.parameters ?? [];
    const sql = claimSql(this.leased, claim, parameters.length + 1);
    const [rows]: [RowLease[]] = await manager.query(sql, [...parameters, this.holder, newId(), claim.limit]);
    return rows;
  }

  /** A lease with a later end, or undefined when it was lost. */
  async renew(manager: EntityManager, lease: LeaseKey): Promise<RowLease | undefined> {
    const { table, key, leaseSeconds } = this.leased;
    const [rows]: [RowLease[]] = await manager.query(
      `UPDATE ${table} SET lease_until = ${leaseEnd(leaseSeconds)}
       WHERE ${key} = $1 AND lease_token = $2
       RETURNING ${key} AS key, lease_token AS token, lease_until AS until`,
      [lease.key, lease.token],
    );
    return rows[0];
  }

  /** Makes the row free for others at once. False when the lease was lost. */
  async release(manager: EntityManager, lease: LeaseKey): Promise<boolean> {
    const { table, key } = this.leased;
    const [, count]: [unknown, number] = await manager.query(
      `UPDATE ${table} SET lease_holder = NULL, lease_token = NULL, lease_until = NULL
       WHERE ${key} = $1 AND lease_token = $2`,
      [lease.key, lease.token],
    );
    return count === 1;
  }

  /**
   * Locks the row until the end of the transaction if the lease is still ours. Every write of a worker comes after a
   * true answer in the same transaction; false means that the lease was lost and nothing may be written.
   */
  async hold(manager: EntityManager, lease: LeaseKey): Promise<boolean> {
    const { table, key } = this.leased;
    const rows: unknown[] = await manager.query(
      `SELECT 1 FROM ${table} WHERE ${key} = $1 AND lease_token = $2 FOR UPDATE`,
      [lease.key, lease.token],
    );
    return rows.length === 1;
  }
}

/** Parameters: the condition's, then holder, token and limit, from position `first`. */
function claimSql({ table, key, leaseSeconds }: LeasedTable, claim: Claim, first: number): string {
  // Materialized, because a plan that ran the selection twice would lock more rows than the limit.
  return `
    WITH due AS MATERIALIZED (
      SELECT ${key} AS due_key FROM ${table}
      WHERE (lease_until IS NULL OR lease_until <= clock_timestamp()) AND (${claim.condition})
      ORDER BY ${claim.orderBy} LIMIT $${first + 2} FOR UPDATE SKIP LOCKED)
    UPDATE ${table} SET lease_holder = $${first}, lease_token = $${first + 1}, lease_until = ${leaseEnd(leaseSeconds)}
    FROM due WHERE ${key} = due_key
    RETURNING ${key} AS key, lease_token AS token, lease_until AS until`;
}

function leaseEnd(seconds: number): string {
  return `clock_timestamp() + interval '${seconds} seconds'`;
}
