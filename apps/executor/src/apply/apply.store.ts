import { facts } from '@nalabo/contracts';
import { lockUntilCommit, Outbox, Transaction } from '@nalabo/persistence';
import { applyLeaseSeconds } from '@nalabo/session';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { refuseByRate } from '../command/admission.js';
import { IdempotencyKeys, type KeyUse } from '../idempotency/idempotency-keys.js';
import type { AppliedChange, ApplyEnd } from './apply-attempt.js';
import type { ApplyOrder } from './apply-order.js';
import { countActions } from './count-actions.js';
import { digestsOf } from './files-to-restore.js';
import { freeKeySql, freeKeysSql, routeOf } from './free-keys-sql.js';

const abandonSql = `
  WITH freed AS (
    UPDATE applies SET state = 'abandoned', reason = 'It was cut off by another apply.'
    WHERE session_id = $1 AND state = 'running' RETURNING apply_id, session_id, actor)
  ${freeKeysSql}`;

const countSql = 'SELECT started_last_minute($1) AS count';

/** From then on its lease may be over, which the provisioner knows. */
const startSql = `
  INSERT INTO applies (apply_id, session_id, actor, type, digest, dry_run, rollback_of, state, running_until)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 'running', clock_timestamp() + interval '${applyLeaseSeconds} seconds')`;

const keepRunningSql = `
  UPDATE applies SET running_until = clock_timestamp() + $2 * interval '1 second'
  WHERE session_id = $1 AND state = 'running'`;

/** Manifests are remembered by nobody but the applies themselves, once there is one. */
const rememberSql = `
  UPDATE applies SET files_before = $3, files_written = $4, model_after = $5, planned_counts = $6, model_before = CASE
    WHEN type = 'yaml' THEN coalesce((
      SELECT b.model_after FROM applies b
      WHERE b.session_id = applies.session_id AND b.position < applies.position AND b.state = 'finished' AND NOT b.dry_run
      ORDER BY b.position DESC LIMIT 1), $2::json)
    ELSE $2::json END
  WHERE apply_id = $1`;

/** Also of a row that was given up meanwhile: what really became of the apply is the better answer. */
const endSql = `
  WITH before AS MATERIALIZED (SELECT state FROM applies WHERE apply_id = $1 FOR UPDATE)
  UPDATE applies SET state = $2, result = $3, notes = $4, model_after = $5, files_written = NULL, reason = NULL
  FROM before WHERE apply_id = $1 AND (before.state <> 'finished' OR result IS NULL)
  RETURNING before.state AS "stateBefore"`;

const failSql = `
  WITH freed AS (
    UPDATE applies SET state = 'failed', model_after = NULL, files_written = NULL, reason = NULL
    WHERE apply_id = $1 AND state IN ('running', 'abandoned') RETURNING apply_id, session_id, actor)
  ${freeKeysSql}`;

/** Files may be large: only the newest changes of a session can be rolled back. */
const keptChanges = 20;

const forgetOldSql = `
  UPDATE applies SET model_before = NULL, model_after = NULL, files_before = NULL
  WHERE session_id = $1 AND files_before IS NOT NULL AND position <= (
    SELECT position FROM applies WHERE session_id = $1 AND files_before IS NOT NULL
    ORDER BY position DESC OFFSET ${keptChanges} LIMIT 1)`;

/** Who applied what and when, and what became of it. Written by whoever has the lease of the session. */
@Injectable()
export class ApplyStore {
  constructor(
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly keys: IdempotencyKeys,
  ) {}

  /** What the same request has started before, if any. @throws AppError `unprocessable` when it was another one. */
  async earlier(order: ApplyOrder): Promise<string | null> {
    const use = keyUseOf(order);
    return use && this.keys.find(use);
  }

  /**
   * Commits the apply as running. Null, or what the same request has started a moment ago.
   * @throws AppError `exhausted` when the owner is at the limit, `unprocessable` as `earlier`.
   */
  async start(order: ApplyOrder): Promise<string | null> {
    const { applyId, sessionId, type, digest, dryRun, rollbackOf, envelope } = order;
    const { ownerId } = envelope.actor;
    return this.transaction.run(async (manager) => {
      await lockUntilCommit(manager, `executor.owner ${ownerId}`);
      // Whoever had the lease before has lost it: what is still running here was left by a process that died.
      await manager.query(abandonSql, [sessionId]);
      const earlier = await this.claimKey(manager, order);
      if (earlier !== null) return earlier;
      const [row]: { count: number }[] = await manager.query(countSql, [ownerId]);
      const refusal = refuseByRate(row?.count ?? 0);
      if (refusal) throw refusal;
      const actor = JSON.stringify(envelope.actor);
      await manager.query(startSql, [applyId, sessionId, actor, type, digest, dryRun, rollbackOf]);
      return null;
    });
  }

  /** The apply that runs in a session, or is taken back in it, is looked after for so long by whoever has the lease. */
  async keepRunning(sessionId: string, seconds: number): Promise<void> {
    await this.transaction.statement(keepRunningSql, [sessionId, seconds]);
  }

  /** Keeps what the session holds, before anything of it is changed: so it can be had back even when this process dies. */
  async remember({ applyId }: ApplyOrder, change: AppliedChange): Promise<void> {
    const { before, after, filesBefore, filesAfter, planned } = change;
    const model = JSON.stringify(before);
    const files = JSON.stringify(Object.fromEntries(filesBefore));
    const written = JSON.stringify(digestsOf(filesAfter));
    const values = [applyId, model, files, written, JSON.stringify(after), JSON.stringify(planned)];
    await this.transaction.statement(rememberSql, values);
  }

  /** Commits the end, and the fact of it unless nothing was changed. */
  async finish(order: ApplyOrder, end: ApplyEnd): Promise<void> {
    // What differs may quote the file, and so may what the API of the session says of a fault.
    const result = end.objects.map((object) => ({ ...object, diff: undefined, message: undefined }));
    await this.end(order, end, JSON.stringify(result));
  }

  /** As `finish`, for a result that cannot be stored. */
  async finishWithoutResult(order: ApplyOrder, end: ApplyEnd): Promise<void> {
    await this.end(order, end, null);
  }

  /** Nothing was applied, and the same request may come again under its key. */
  async fail({ applyId }: ApplyOrder): Promise<void> {
    await this.transaction.statement(failSql, [applyId]);
  }

  private async claimKey(manager: EntityManager, order: ApplyOrder): Promise<string | null> {
    const use = keyUseOf(order);
    return use && this.keys.claim(manager, use, order.applyId);
  }

  private async end(order: ApplyOrder, end: ApplyEnd, result: string | null): Promise<void> {
    const { applyId, sessionId, type, digest, envelope } = order;
    const after = end.change && JSON.stringify(end.change.after);
    const values = [applyId, end.state, result, JSON.stringify(end.notes), after];
    await this.transaction.run(async (manager) => {
      const [[row]]: [{ stateBefore: string }[]] = await manager.query(endSql, values);
      // What was undone may be asked for again under the same key.
      if (end.state === 'failed') await manager.query(freeKeySql, [applyId]);
      // Who has found it finished has told so.
      if (end.change === null || !row || row.stateBefore === 'finished') return;
      await manager.query(forgetOldSql, [sessionId]);
      const { actor, correlationId, id } = envelope;
      const context = { sessionId, actor, correlationId, causationId: id };
      const payload = { applyId, type, digest, counts: countActions(end.objects) };
      await this.outbox.add(manager, facts.sessionApplied, payload, context);
    });
  }
}

/** A key counts for applies and rollbacks in one session. */
function keyUseOf({ idempotency, sessionId, envelope }: ApplyOrder): KeyUse | null {
  return idempotency && { ownerId: envelope.actor.ownerId, route: routeOf(sessionId), idempotency };
}
