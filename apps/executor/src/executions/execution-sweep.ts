import { type Actor, facts } from '@nalabo/contracts';
import { Outbox, Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import { ProcessLease } from './process-lease.js';

const batchSize = 100;

interface AbandonedRow {
  readonly executionId: string;
  readonly sessionId: string;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly elapsedMs: number;
}

/** Materialized, because a plan that ran the selection twice would end more rows than the limit. */
const giveUpSql = `
  WITH due AS MATERIALIZED (
    SELECT execution_id AS due_id FROM executions
    WHERE state = 'running' AND lease_until <= clock_timestamp()
      AND NOT (lease_token = $1 AND execution_id = ANY ($2::uuid[]))
    ORDER BY lease_until LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
  UPDATE executions SET state = 'finished', outcome = 'unknown', lease_token = NULL, lease_until = NULL
  FROM due WHERE execution_id = due_id
  RETURNING execution_id AS "executionId", session_id AS "sessionId", actor, correlation_id AS "correlationId",
    extract(epoch FROM clock_timestamp() - started_at)::float8 * 1000 AS "elapsedMs"`;

const pruneSql = `
  DELETE FROM executions WHERE execution_id IN (
    SELECT execution_id FROM executions
    WHERE state = 'finished' AND started_at < clock_timestamp() - interval '7 days' LIMIT ${batchSize})`;

const pruneKeysSql = `
  DELETE FROM execution_keys WHERE (owner_id, route, key) IN (
    SELECT owner_id, route, key FROM execution_keys
    WHERE used_at < clock_timestamp() - interval '24 hours' LIMIT ${batchSize})`;

/** Ends the rows that nobody will end: an executor that died in the middle leaves its commands as running. */
@Injectable()
export class ExecutionSweep {
  constructor(
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly lease: ProcessLease,
  ) {}

  /** Marks abandoned commands as `unknown`. True when there may be more. The commands that run here still get their own end. */
  async giveUpAbandoned(): Promise<boolean> {
    return this.transaction.run(async (manager) => {
      const [rows]: [AbandonedRow[]] = await manager.query(giveUpSql, [this.lease.token, this.lease.heldIds]);
      for (const { executionId, elapsedMs, ...context } of rows) {
        const payload = { executionId, outcome: 'unknown', durationMs: elapsedMs } as const;
        await this.outbox.add(manager, facts.executionFinished, payload, { ...context, causationId: null });
      }
      return rows.length === batchSize;
    });
  }

  /** Removes executions and idempotency keys that are older than they are kept. True when there may be more. */
  async prune(): Promise<boolean> {
    const [, executions] = await this.transaction.statement<[unknown, number]>(pruneSql);
    const [, keys] = await this.transaction.statement<[unknown, number]>(pruneKeysSql);
    return executions === batchSize || keys === batchSize;
  }
}
