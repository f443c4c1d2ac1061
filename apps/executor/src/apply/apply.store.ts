import { type AppliedObject, applyWaits, type Envelope, facts, type RequestOf, type rpcs } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { lockUntilCommit, Outbox, Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import { refuseByRate } from '../command/admission.js';
import { countActions } from './count-actions.js';

type ApplyRequest = RequestOf<typeof rpcs.executor.runApply>;

const batchSize = 100;

/** Longer than an apply can take: after that its process must have died. */
const runningSeconds = (applyWaits.deadlineMs + applyWaits.replyMarginMs) / 1000;

const abandonSql = `
  UPDATE applies SET state = 'abandoned'
  WHERE session_id = $1 AND state = 'running' AND running_until <= clock_timestamp()`;

const abandonAllSql = `
  UPDATE applies SET state = 'abandoned' WHERE apply_id IN (
    SELECT apply_id FROM applies WHERE state = 'running' AND running_until <= clock_timestamp()
    LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)`;

const countSql = 'SELECT started_last_minute($1) AS count';

const startSql = `
  INSERT INTO applies (apply_id, session_id, actor, type, digest, dry_run, state, running_until)
  VALUES ($1, $2, $3, $4, $5, $6, 'running', clock_timestamp() + interval '${runningSeconds} seconds')
  ON CONFLICT (session_id) WHERE state = 'running' DO NOTHING
  RETURNING apply_id`;

/** Also of a row that was given up meanwhile: what really became of the apply is the better answer. */
const endSql = `UPDATE applies SET state = $2, result = $3 WHERE apply_id = $1 AND state IN ('running', 'abandoned')`;

const pruneSql = `
  DELETE FROM applies WHERE apply_id IN (
    SELECT apply_id FROM applies
    WHERE state <> 'running' AND started_at < clock_timestamp() - interval '7 days' LIMIT ${batchSize})`;

/** An apply that was accepted; the file itself is not kept. */
export interface StartedApply {
  readonly applyId: string;
  readonly digest: string;
  readonly request: ApplyRequest;
  readonly envelope: Envelope;
}

/** Who applied what and when, and what became of it. A session's row that runs keeps every other apply out. */
@Injectable()
export class ApplyStore {
  constructor(
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
  ) {}

  /** @throws AppError `conflict` while another apply runs in the session, `exhausted` when the owner is at the limit. */
  async start({ applyId, digest, request, envelope }: StartedApply): Promise<void> {
    const { sessionId, type, dryRun } = request;
    const { ownerId } = envelope.actor;
    await this.transaction.run(async (manager) => {
      await lockUntilCommit(manager, `executor.owner ${ownerId}`);
      const [row]: { count: number }[] = await manager.query(countSql, [ownerId]);
      const refusal = refuseByRate(row?.count ?? 0);
      if (refusal) throw refusal;
      await manager.query(abandonSql, [sessionId]);
      const values = [applyId, sessionId, JSON.stringify(envelope.actor), type, digest, dryRun];
      const started: unknown[] = await manager.query(startSql, values);
      if (started.length > 0) return;
      const publicMessage = 'Another configuration is being applied in the session.';
      const details = { retryAfterSeconds: 2 };
      throw new AppError('conflict', `an apply is running in session ${sessionId}`, { publicMessage, details });
    });
  }

  /** Commits the end, and the fact of it unless nothing was to be changed. */
  async finish(apply: StartedApply, objects: readonly AppliedObject[]): Promise<void> {
    // What differs may quote the file, and so may what the API of the session says of a fault.
    const result = objects.map((object) => ({ ...object, diff: undefined, message: undefined }));
    await this.end(apply, objects, JSON.stringify(result));
  }

  /** As `finish`, for a result that cannot be stored. */
  async finishWithoutResult(apply: StartedApply, objects: readonly AppliedObject[]): Promise<void> {
    await this.end(apply, objects, null);
  }

  /** Nothing was applied. */
  async fail({ applyId }: StartedApply): Promise<void> {
    await this.transaction.run((manager) => manager.query(endSql, [applyId, 'failed', null]));
  }

  /** Ends the rows of processes that died. True when there may be more. */
  async abandonOverdue(): Promise<boolean> {
    return this.isWholeBatch(abandonAllSql);
  }

  /** Removes what is older than it is kept. True when there may be more. */
  async prune(): Promise<boolean> {
    return this.isWholeBatch(pruneSql);
  }

  private async end(apply: StartedApply, objects: readonly AppliedObject[], result: string | null): Promise<void> {
    const { applyId, digest, request, envelope } = apply;
    await this.transaction.run(async (manager) => {
      const [, count]: [unknown, number] = await manager.query(endSql, [applyId, 'finished', result]);
      if (request.dryRun || count === 0) return;
      const { actor, correlationId, id } = envelope;
      const context = { sessionId: request.sessionId, actor, correlationId, causationId: id };
      const payload = { applyId, type: request.type, digest, counts: countActions(objects) };
      await this.outbox.add(manager, facts.sessionApplied, payload, context);
    });
  }

  private async isWholeBatch(sql: string): Promise<boolean> {
    const [, count]: [unknown, number] = await this.transaction.run((manager) => manager.query(sql));
    return count === batchSize;
  }
}
