import type { Actor, ApplySummary, ConfigurationType } from '@nalabo/contracts';
import { Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import type { FileDigests } from './files-to-restore.js';
import { freeKeysSql } from './free-keys-sql.js';
import type { HeldBefore, HeldModel } from './held-before.js';

const batchSize = 10;

/** Meanwhile no other executor asks for the session; it would not get it from one that restores. */
const claimSeconds = 15;

const columns = `
  apply_id AS "applyId", session_id AS "sessionId", actor, type, files_before IS NOT NULL AS "isBegun",
  model_before AS model, files_before AS files, files_written AS written, model_after AS after`;

const claimSql = `
  UPDATE applies SET running_until = clock_timestamp() + interval '${claimSeconds} seconds'
  WHERE apply_id IN (
    SELECT apply_id FROM applies WHERE state = 'running' AND running_until <= clock_timestamp()
    ORDER BY running_until LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
  RETURNING ${columns}`;

const findSql = `SELECT ${columns} FROM applies WHERE session_id = $1 AND state = 'running'`;

const postponeSql = `
  UPDATE applies SET running_until = clock_timestamp() + $2 * interval '1 second'
  WHERE apply_id = $1 AND state = 'running'`;

/** What became of it is what its executor says, if that should live after all. */
const closeSql = `
  WITH closed AS (
    UPDATE applies SET state = $2, reason = $3, files_written = NULL,
      model_after = CASE WHEN $2 = 'finished' THEN model_after END
    WHERE apply_id = $1 AND state = 'running' RETURNING apply_id, session_id, actor, state),
  freed AS (SELECT apply_id, session_id, actor FROM closed WHERE state <> 'finished')
  ${freeKeysSql}`;

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
  constructor(private readonly transaction: Transaction) {}

  /** Those whose lease may be over, for this executor alone for a while. */
  async claimOverdue(): Promise<{ readonly rows: readonly CutOffApply[]; readonly isMore: boolean }> {
    const [rows] = await this.transaction.statement<[CutOffApply[], number]>(claimSql);
    return { rows, isMore: rows.length === batchSize };
  }

  /** The one that is not known to have ended in a session, if there is one. */
  async find(sessionId: string): Promise<CutOffApply | undefined> {
    const [row] = await this.transaction.statement<CutOffApply[]>(findSql, [sessionId]);
    return row;
  }

  async postpone({ applyId }: Pick<CutOffApply, 'applyId'>, seconds: number): Promise<void> {
    await this.transaction.statement(postponeSql, [applyId, seconds]);
  }

  /** Commits the end. The same request may come again under its key, unless it was carried out. */
  async close({ applyId }: CutOffApply, { state, reason }: CutOffEnd): Promise<void> {
    await this.transaction.statement(closeSql, [applyId, state, reason]);
  }
}
