import type { Actor, AppliedObject, ApplyNote, ApplySummary, ConfigurationType } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import { positionAfter } from '../executions/position-after.js';
import type { HeldBefore } from './held-before.js';

const batchSize = 100;

const columns = `
  apply_id AS "applyId", session_id AS "sessionId", actor, started_at AS "startedAt", type, digest, dry_run AS "dryRun",
  state, result, reason, notes, rollback_of AS "rollbackOf", position`;

const pageSql = `
  SELECT ${columns} FROM applies WHERE session_id = $1 AND position < $2 ORDER BY position DESC LIMIT $3`;

const findSql = `SELECT ${columns} FROM applies WHERE session_id = $1 AND apply_id = $2`;

const beforeSql = `
  SELECT type, state, files_before IS NOT NULL AS "isStored", model_before AS model, files_before AS files
  FROM applies WHERE session_id = $1 AND apply_id = $2`;

const forgetSql = `
  UPDATE applies SET model_before = NULL, model_after = NULL, files_before = NULL, files_written = NULL
  WHERE session_id = $1 AND files_before IS NOT NULL`;

const pruneSql = `
  DELETE FROM applies WHERE apply_id IN (
    SELECT apply_id FROM applies
    WHERE state <> 'running' AND started_at < clock_timestamp() - interval '7 days' LIMIT ${batchSize})`;

/** An apply as it is stored, without what it applied. */
export interface ApplyRow {
  readonly applyId: string;
  readonly sessionId: string;
  readonly actor: Actor;
  readonly startedAt: Date;
  readonly type: ConfigurationType;
  readonly digest: string;
  readonly dryRun: boolean;
  readonly state: ApplySummary['state'];
  /** Null when it was not stored. */
  readonly result: AppliedObject[] | null;
  /** Why it was cut off, for people. */
  readonly reason: string | null;
  readonly notes: ApplyNote[];
  readonly rollbackOf: string | null;
  readonly position: string;
}

interface BeforeRow extends HeldBefore {
  readonly state: ApplySummary['state'];
  /** Whether the apply came so far as to change anything, and what it found is still known. */
  readonly isStored: boolean;
}

/** What was applied in sessions, for as long as it is kept. */
@Injectable()
export class ApplyHistory {
  constructor(private readonly transaction: Transaction) {}

  /** Newest first. @throws AppError `invalid_input` for a cursor that no page gave. */
  async page(
    sessionId: string,
    { cursor, limit }: { readonly cursor: string | null; readonly limit: number },
  ): Promise<{ rows: readonly ApplyRow[]; nextCursor: string | null }> {
    // One more than asked for tells whether there is another page.
    const rows = await this.transaction.statement<ApplyRow[]>(pageSql, [sessionId, positionAfter(cursor), limit + 1]);
    const page = rows.slice(0, limit);
    return { rows: page, nextCursor: rows.length > limit ? (page.at(-1)?.position ?? null) : null };
  }

  /** @throws AppError `not_found` when the session has no such apply, or no longer. */
  async get(sessionId: string, applyId: string): Promise<ApplyRow> {
    const [row] = await this.transaction.statement<ApplyRow[]>(findSql, [sessionId, applyId]);
    return row ?? unknownApply(sessionId, applyId);
  }

  /** What the session held before this apply. @throws AppError `not_found` as `get`, `conflict` when it changed nothing. */
  async before(sessionId: string, applyId: string): Promise<HeldBefore> {
    const [row] = await this.transaction.statement<BeforeRow[]>(beforeSql, [sessionId, applyId]);
    const { state, isStored, type, model, files } = row ?? unknownApply(sessionId, applyId);
    // Of what was abandoned something may still be there.
    if (isStored && (state === 'finished' || state === 'abandoned')) return { type, model, files };
    const publicMessage = 'This apply has changed nothing, or is too old to be rolled back.';
    throw new AppError('conflict', `apply ${applyId} is ${state} and has stored nothing`, { publicMessage });
  }

  /** Nothing of a session can be brought back once it has ended: the contents need not be kept any longer. */
  async forget(sessionId: string): Promise<void> {
    await this.transaction.statement(forgetSql, [sessionId]);
  }

  /** Removes what is older than it is kept. True when there may be more. */
  async prune(): Promise<boolean> {
    const [, count] = await this.transaction.statement<[unknown, number]>(pruneSql);
    return count === batchSize;
  }
}

function unknownApply(sessionId: string, applyId: string): never {
  throw new AppError('not_found', `session ${sessionId} has no apply ${applyId}`);
}
