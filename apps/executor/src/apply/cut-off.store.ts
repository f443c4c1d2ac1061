import { type ActionCounts, type Actor, type ApplySummary, type ConfigurationType, facts } from '@nalabo/contracts';
import { newId } from '@nalabo/kernel';
import { Outbox, Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import type { FileDigests } from './files-to-restore.js';
import { freeKeySql } from './free-keys-sql.js';
import type { HeldBefore, HeldModel } from './held-before.js';
import type { NextRestore } from './next-restore.js';

/** Meanwhile no other executor asks for the session; it would not get it from one that restores. */
const claimSeconds = 15;

const columns = `
  apply_id AS "applyId", session_id AS "sessionId", actor, type, files_before IS NOT NULL AS "isBegun",
  model_before AS model, files_before AS files, files_written AS written, model_after AS after,
  restore_attempts AS attempts`;

/** Materialized, because a plan that ran the selection twice would claim more rows than the limit. */
const claimSql = `
  WITH due AS MATERIALIZED (
    SELECT apply_id AS due_id FROM applies WHERE state = 'running' AND running_until <= clock_timestamp()
    ORDER BY running_until LIMIT $1 FOR UPDATE SKIP LOCKED)
  UPDATE applies SET running_until = clock_timestamp() + interval '${claimSeconds} seconds'
  FROM due WHERE apply_id = due_id
  RETURNING ${columns}`;

const findSql = `SELECT ${columns} FROM applies WHERE session_id = $1 AND state = 'running'`;

const postponeSql = `
  UPDATE applies SET running_until = clock_timestamp() + $2 * interval '1 second', restore_attempts = $3
  WHERE apply_id = $1 AND state = 'running'`;

/** What became of it is what its executor says, if that should live after all. */
const closeSql = `
  UPDATE applies SET state = $2, reason = $3, files_written = NULL,
    model_after = CASE WHEN $2 = 'finished' THEN model_after END
  WHERE apply_id = $1 AND state = 'running' RETURNING digest, planned_counts AS planned`;

/** An apply that is not known to have ended. */
export interface CutOffApply {
  readonly applyId: string;
  readonly sessionId: string;
  readonly actor: Actor;
  readonly type: ConfigurationType;
  /** Whether it came so far as to change anything. The rest is known only then. */
  readonly isBegun: boolean;
  readonly files: HeldBefore['files'] | null;
  readonly written: FileDigests | null;
  /** What the session was to hold. */
  readonly after: HeldModel;
  /** How often it could not be taken back. */
  readonly attempts: number;
}

interface ClosedRow {
  readonly digest: string;
  /** Null when it was never planned. */
  readonly planned: ActionCounts | null;
}

/** How it ends in the history. */
export interface CutOffEnd {
  readonly state: Exclude<ApplySummary['state'], 'running'>;
  /** For people. Null when it has ended well after all. */
  readonly reason: string | null;
}

/** The applies of executors that died, or have lost their session. */
@Injectable()
export class CutOffStore {
  constructor(
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
  ) {}

  /** Those whose lease may be over, for this executor alone for a while. */
  async claimOverdue(limit: number): Promise<readonly CutOffApply[]> {
    const [rows] = await this.transaction.statement<[CutOffApply[], number]>(claimSql, [limit]);
    return rows;
  }

  /** The one that is not known to have ended in a session, if there is one. */
  async find(sessionId: string): Promise<CutOffApply | undefined> {
    const [row] = await this.transaction.statement<CutOffApply[]>(findSql, [sessionId]);
    return row;
  }

  async postpone(applyId: string, { seconds, attempts }: NextRestore): Promise<void> {
    await this.transaction.statement(postponeSql, [applyId, seconds, attempts]);
  }

  /** Commits the end. The same request may come again under its key, unless it was carried out, which is told as a fact. */
  async close({ applyId, sessionId, actor, type }: CutOffApply, { state, reason }: CutOffEnd): Promise<void> {
    await this.transaction.run(async (manager) => {
      const [[closed]]: [ClosedRow[]] = await manager.query(closeSql, [applyId, state, reason]);
      if (!closed) return;
      if (state !== 'finished') return void (await manager.query(freeKeySql, [applyId]));
      const { digest, planned } = closed;
      if (planned === null) return;
      const payload = { applyId, type, digest, counts: planned };
      const context = { sessionId, actor, correlationId: newId(), causationId: null };
      await this.outbox.add(manager, facts.sessionApplied, payload, context);
    });
  }
}
