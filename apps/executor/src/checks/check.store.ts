import {
  type Actor,
  type CheckDefinition,
  type CheckOutcome,
  checkWaits,
  type Envelope,
  facts,
} from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { lockUntilCommit, Outbox, Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ResolvedSession } from '../access/state-gate.js';
import { refuseChecks, type CheckCounts } from './check-admission.js';
import { CheckCounter } from './check-counter.js';
import type { Attempt, CheckEnd, CheckSummary } from './check-view.js';

const batchSize = 100;

/** Longer than a request can take: after that its process must have died. */
const runningSeconds = (checkWaits.deadlineMs + checkWaits.replyMarginMs) / 1000;

const countSql = `
  SELECT
    (SELECT count(DISTINCT run_id)::int FROM check_results
      WHERE session_id = $1 AND outcome IS NULL AND running_until > clock_timestamp()) AS "runningInSession",
    started_last_minute($2) AS "startedByOwnerLastMinute"`;

const startSql = `
  INSERT INTO check_results (run_id, session_id, owner_id, actor, correlation_id, workshop_id, check_id, trusted, attempt,
    running_until)
  SELECT $1, $2, $3, $4, $5, $6, chosen.id, chosen.trusted,
    1 + coalesce((SELECT max(attempt) FROM check_results WHERE session_id = $2 AND check_id = chosen.id), 0),
    clock_timestamp() + interval '${runningSeconds} seconds'
  FROM unnest($7::text[], $8::boolean[]) AS chosen (id, trusted)
  RETURNING check_id AS "checkId", attempt, started_at AS "startedAt"`;

const returned = `
  RETURNING session_id AS "sessionId", actor, correlation_id AS "correlationId", workshop_id AS "workshopId",
    check_id AS "checkId", attempt, outcome, trusted, duration_ms AS "durationMs"`;

const finishSql = `
  UPDATE check_results SET outcome = $4, exit_code = $5, tries = $6, duration_ms = $7
  WHERE session_id = $1 AND check_id = $2 AND attempt = $3 AND outcome IS NULL ${returned}`;

const endSql = `
  SELECT outcome, exit_code AS "exitCode", tries, duration_ms AS "durationMs" FROM check_results
  WHERE session_id = $1 AND check_id = $2 AND attempt = $3`;

/** Materialized, because a plan that ran the selection twice would end more rows than the limit. */
const giveUpSql = `
  WITH due AS MATERIALIZED (
    SELECT session_id AS due_session, check_id AS due_check, attempt AS due_attempt FROM check_results
    WHERE outcome IS NULL AND running_until <= clock_timestamp() LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
  UPDATE check_results SET outcome = 'unknown'
  FROM due WHERE (session_id, check_id, attempt) = (due_session, due_check, due_attempt)
  ${returned}`;

/** Of each check the newest attempt that has ended, or the newest of all, with figures over all of them. */
const summarySql = `
  SELECT DISTINCT ON (check_id) check_id AS "checkId", attempt, started_at AS "startedAt",
    CASE WHEN outcome IS NOT NULL THEN json_build_object(
      'outcome', outcome, 'exitCode', exit_code, 'tries', tries, 'durationMs', duration_ms) END AS "end",
    (count(*) OVER of_check)::int AS attempts,
    min(started_at) FILTER (WHERE outcome = 'passed') OVER of_check AS "passedAt"
  FROM check_results WHERE session_id = $1 WINDOW of_check AS (PARTITION BY check_id)
  ORDER BY check_id, (outcome IS NULL), attempt DESC`;

const pruneSql = `
  DELETE FROM check_results WHERE (session_id, check_id, attempt) IN (
    SELECT session_id, check_id, attempt FROM check_results
    WHERE outcome IS NOT NULL AND started_at < clock_timestamp() - interval '90 days' LIMIT ${batchSize})`;

/** The checks that one request runs. */
export interface CheckRun {
  readonly runId: string;
  readonly session: ResolvedSession;
  readonly checks: readonly CheckDefinition[];
  readonly envelope: Envelope;
}

interface EndedRow {
  readonly sessionId: string;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly workshopId: string;
  readonly checkId: string;
  readonly attempt: number;
  readonly outcome: CheckOutcome;
  readonly trusted: boolean;
  readonly durationMs: number | null;
}

/** Every attempt at a check: accepted with its number, then ended exactly once. Scripts and their output are not kept. */
@Injectable()
export class CheckStore {
  constructor(
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly counter: CheckCounter,
  ) {}

  /**
   * Commits an attempt at each check. Nothing may start before.
   * @throws AppError `exhausted` when the session or the owner is at the limit.
   */
  async start({ runId, session, checks, envelope }: CheckRun): Promise<readonly Attempt[]> {
    const { sessionId, workshopId } = session;
    const { actor, correlationId } = envelope;
    return this.transaction.run(async (manager) => {
      // Numbers must have no gaps and limits must hold, also for requests of the same moment. Always in this order.
      await lockUntilCommit(manager, `executor.session ${sessionId}`);
      await lockUntilCommit(manager, `executor.owner ${actor.ownerId}`);
      const [counts]: CheckCounts[] = await manager.query(countSql, [sessionId, actor.ownerId]);
      const refusal = counts ? refuseChecks(counts, checks.length) : null;
      if (refusal) throw refusal;
      return manager.query<Attempt[]>(startSql, [
        runId,
        sessionId,
        actor.ownerId,
        JSON.stringify(actor),
        correlationId,
        workshopId,
        checks.map(({ id }) => id),
        checks.map(({ trusted }) => trusted),
      ]);
    });
  }

  /**
   * Commits the end and its fact. What is stored then: an attempt that was given up meanwhile, or whose end was committed
   * without an answer, stays as it is.
   */
  async finish(sessionId: string, { checkId, attempt }: Attempt, end: CheckEnd): Promise<CheckEnd> {
    const { outcome, exitCode, tries, durationMs } = end;
    const key = [sessionId, checkId, attempt];
    if ((await this.end(finishSql, [...key, outcome, exitCode, tries, durationMs])) === 1) return end;
    const [stored] = await this.transaction.run((manager) => manager.query<CheckEnd[]>(endSql, key));
    if (!stored) throw new AppError('internal', `the attempt ${attempt} at the check ${checkId} is gone`);
    return stored;
  }

  /** What is known of each check that was ever attempted in the session. */
  async summaries(sessionId: string): Promise<readonly CheckSummary[]> {
    return this.transaction.run((manager) => manager.query<CheckSummary[]>(summarySql, [sessionId]));
  }

  /** Ends the attempts of processes that died as `unknown`. True when there may be more. */
  async giveUpAbandoned(): Promise<boolean> {
    return (await this.end(giveUpSql, [])) === batchSize;
  }

  /** Removes what is older than it is kept. True when there may be more. */
  async prune(): Promise<boolean> {
    const [, count]: [unknown, number] = await this.transaction.run((manager) => manager.query(pruneSql));
    return count === batchSize;
  }

  private async end(sql: string, parameters: readonly unknown[]): Promise<number> {
    const ended = await this.transaction.run(async (manager) => {
      const [rows]: [EndedRow[]] = await manager.query(sql, [...parameters]);
      for (const row of rows) await this.announce(manager, row);
      return rows;
    });
    // After the commit: what is tried again must not be counted twice.
    for (const row of ended) this.counter.count(row);
    return ended.length;
  }

  private async announce(manager: EntityManager, row: EndedRow): Promise<void> {
    const { sessionId, actor, correlationId, ...payload } = row;
    await this.outbox.add(manager, facts.checkFinished, payload, {
      sessionId,
      actor,
      correlationId,
      causationId: null,
    });
  }
}
