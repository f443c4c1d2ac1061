import { type Envelope, facts, type Idempotency, type RequestOf, type rpcs } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { Outbox, Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import { decideStart, type StartAnswer } from '../command/decide-start.js';
import { commandLimits } from '../command/limits.js';
import type { CommandEnding } from '../command/supervise-command.js';
import { IdempotencyKeys } from '../idempotency/idempotency-keys.js';
import type { LiveExecution } from '../live/live-execution.js';
import { sizesOf } from '../live/output-piece.js';
import { Replica } from '../replica.js';
import { leaseInterval, ProcessLease } from './process-lease.js';

type RunRequest = RequestOf<typeof rpcs.executor.runCommand>;

/** A command that may start now, or the execution that the same request started before. */
export type Started =
  { readonly kind: 'started'; readonly startedAt: Date } | { readonly kind: 'repeated'; readonly executionId: string };

/** A command that has ended, with all that is to be told of it. */
export interface EndedCommand {
  readonly request: RunRequest;
  readonly envelope: Envelope;
  readonly live: LiveExecution;
  readonly ending: CommandEnding;
}

interface StartRow {
  readonly started_at: Date | null;
  readonly running_in_session: number;
  readonly started_by_owner_last_minute: number;
  readonly earlier_execution_id: string | null;
  readonly earlier_digest: string | null;
}

const startSql = `
  SELECT * FROM start_execution($1, $2, $3, $4, $5, $6, $7, $8, '${leaseInterval}',
    ${commandLimits.concurrentPerSession}, ${commandLimits.perMinutePerOwner}, $9, $10, $11, $12)`;

const finishSql = `
  WITH ended AS (
    UPDATE executions
    SET state = 'finished', lease_token = NULL, lease_until = NULL, outcome = $3, exit_code = $4, start_failed = $5,
      stdout = $6, stderr = $7, stdout_truncated = $8, stderr_truncated = $9, duration_ms = $10, path = $11,
      left_processes = $12, frames = $13
    WHERE execution_id = $1 AND state = 'running' AND lease_token = $2
    RETURNING session_id),
  told AS (INSERT INTO outbox (session_id, subject, envelope) SELECT session_id, $14, $15 FROM ended)
  SELECT count(*)::int AS count FROM ended`;

/** Writes the life of an execution: accepted and running, then finished exactly once. One statement for each. */
@Injectable()
export class ExecutionStore {
  constructor(
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly lease: ProcessLease,
    private readonly replica: Replica,
    private readonly keys: IdempotencyKeys,
  ) {}

  /**
   * Commits the command as running. Nothing may start before.
   * @throws AppError `exhausted` when the session or the owner is at the limit, `conflict` when the id was used before,
   * `unprocessable` when the idempotency key was used for another request.
   */
  async start(request: RunRequest, envelope: Envelope): Promise<Started> {
    const { sessionId, executionId, idempotency } = request;
    const { actor, correlationId } = envelope;
    const rows = await this.transaction.statement<StartRow[]>(startSql, [
      executionId,
      sessionId,
      actor.ownerId,
      JSON.stringify(actor),
      correlationId,
      JSON.stringify(request.command),
      this.replica.name,
      this.lease.token,
      routeOf(request),
      idempotency?.key ?? null,
      idempotency?.digest ?? null,
      isAcceptanceTold(request),
    ]);
    const decision = decideStart(executionId, idempotency, answerOf(rows));
    if (decision.kind === 'refused') throw decision.error;
    return decision;
  }

  /** The execution that the request's idempotency key started before, if any. @throws AppError `unprocessable` as `start`. */
  earlier(request: RunRequest, idempotency: Idempotency, ownerId: string): Promise<string | null> {
    return this.keys.find({ ownerId, route: routeOf(request), idempotency });
  }

  /** Commits the end and its fact. False when the row was given up meanwhile, or lost by the database: it stays so. */
  async finish({ request, envelope, live, ending }: EndedCommand): Promise<boolean> {
    const { executionId, sessionId } = request;
    const { outcome, durationMs } = ending;
    const context = { sessionId, actor: envelope.actor, correlationId: envelope.correlationId, causationId: null };
    const fact = this.outbox.prepare(facts.executionFinished, { executionId, outcome, durationMs }, context);
    const [row] = await this.transaction.statement<{ count: number }[]>(finishSql, [
      executionId,
      this.lease.token,
      outcome,
      ending.exitCode,
      ending.startFailed,
      live.stdout.kept,
      live.stderr.kept,
      live.stdout.truncated,
      live.stderr.truncated,
      durationMs,
      ending.path,
      ending.leftProcesses,
      sizesOf(live.pieces.all),
      fact.subject,
      fact.envelope,
    ]);
    if (row?.count !== 1) return false;
    this.outbox.added();
    return true;
  }
}

/** A key counts for one caller, and for running commands in one session. */
function routeOf({ sessionId }: RunRequest): string {
  return `execute ${sessionId}`;
}

/**
 * Whether somebody relies on the acceptance before the end. Otherwise it need not be on disk at once: what is committed
 * later, as the end is, comes after it in the log, and when the database crashes before, the caller is told of a failure
 * as if the crash had come a moment earlier.
 */
function isAcceptanceTold({ wait, live, idempotency }: RunRequest): boolean {
  return !wait || live || idempotency !== null;
}

function answerOf([row]: readonly StartRow[]): StartAnswer {
  if (!row) throw new AppError('internal', 'start_execution gave no row');
  const { earlier_execution_id: executionId, earlier_digest: digest } = row;
  return {
    startedAt: row.started_at,
    runningInSession: row.running_in_session,
    startedByOwnerLastMinute: row.started_by_owner_last_minute,
    earlier: executionId !== null && digest !== null ? { executionId, digest } : null,
  };
}
