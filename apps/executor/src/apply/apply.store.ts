import { type AppliedObject, applyWaits, type Envelope, facts, type RequestOf, type rpcs } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { Outbox, Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import { countActions } from './count-actions.js';

type ApplyRequest = RequestOf<typeof rpcs.executor.runApply>;

const batchSize = 100;

/** Longer than an apply can take: after that its process must have died. */
const runningSeconds = (applyWaits.deadlineMs + applyWaits.replyMarginMs) / 1000;

const abandonSql = `
  UPDATE applies SET state = 'abandoned'
  WHERE session_id = $1 AND state = 'running' AND running_until <= clock_timestamp()`;

const startSql = `
  INSERT INTO applies (apply_id, session_id, actor, type, digest, dry_run, state, running_until)
  VALUES ($1, $2, $3, $4, $5, $6, 'running', clock_timestamp() + interval '${runningSeconds} seconds')
  ON CONFLICT (session_id) WHERE state = 'running' DO NOTHING
  RETURNING apply_id`;

const endSql = `UPDATE applies SET state = $2, result = $3 WHERE apply_id = $1 AND state = 'running'`;

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

  /** @throws AppError `conflict` while another apply runs in the session. */
  async start({ applyId, digest, request, envelope }: StartedApply): Promise<void> {
    const { sessionId, type, dryRun } = request;
    await this.transaction.run(async (manager) => {
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
    const { applyId, digest, request, envelope } = apply;
    // What differs may quote the file.
    const result = objects.map((object) => ({ ...object, diff: undefined }));
    await this.transaction.run(async (manager) => {
      await manager.query(endSql, [applyId, 'finished', JSON.stringify(result)]);
      if (request.dryRun) return;
      const { actor, correlationId, id } = envelope;
      const context = { sessionId: request.sessionId, actor, correlationId, causationId: id };
      const payload = { applyId, type: request.type, digest, counts: countActions(objects) };
      await this.outbox.add(manager, facts.sessionApplied, payload, context);
    });
  }

  /** Nothing was applied. */
  async fail({ applyId }: StartedApply): Promise<void> {
    await this.transaction.run((manager) => manager.query(endSql, [applyId, 'failed', null]));
  }

  /** Removes what is older than it is kept. True when there may be more. */
  async prune(): Promise<boolean> {
    const [, count]: [unknown, number] = await this.transaction.run((manager) => manager.query(pruneSql));
    return count === batchSize;
  }
}
