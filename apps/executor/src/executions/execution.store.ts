import { type Envelope, facts, type RequestOf, type rpcs } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { lockUntilCommit, Outbox, Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type CommandCounts, refuseCommand } from '../command/admission.js';
import { startedLastMinuteSql } from '../command/started-last-minute.js';
import type { CommandResult } from '../command/supervise-command.js';
import { leaseEnd, ProcessLease } from './process-lease.js';
import { ExecutionEntity } from './execution.entity.js';

type RunRequest = RequestOf<typeof rpcs.executor.runCommand>;

const startSql = `
  INSERT INTO executions
    (execution_id, session_id, owner_id, actor, correlation_id, command, state, lease_token, lease_until)
  VALUES ($1, $2, $3, $4, $5, $6, 'running', $7, ${leaseEnd})
  ON CONFLICT (execution_id) DO NOTHING
  RETURNING execution_id`;

const countSql = `
  SELECT
    (SELECT count(*)::int FROM executions
      WHERE session_id = $1 AND state = 'running' AND lease_until > clock_timestamp()) AS "runningInSession",
    ${startedLastMinuteSql('$2')} AS "startedByOwnerLastMinute"`;

const finishSql = `
  UPDATE executions
  SET state = 'finished', lease_token = NULL, lease_until = NULL, outcome = $3, exit_code = $4, start_failed = $5,
    stdout = $6, stderr = $7, stdout_truncated = $8, stderr_truncated = $9, duration_ms = $10, path = $11,
    left_processes = $12
  WHERE execution_id = $1 AND state = 'running' AND lease_token = $2`;

/** Writes the life of an execution: accepted and running, then finished exactly once. */
@Injectable()
export class ExecutionStore {
  constructor(
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly lease: ProcessLease,
  ) {}

  /**
   * Commits the command as running. Nothing may start before.
   * @throws AppError `exhausted` when the session or the owner is at the limit, `conflict` when the id was used before.
   */
  async start(request: RunRequest, envelope: Envelope): Promise<void> {
    const { sessionId, executionId } = request;
    const { ownerId } = envelope.actor;
    await this.transaction.run(async (manager) => {
      // Two commands at the same moment must not both be the last that fits. Always in this order: no deadlock.
      await lockUntilCommit(manager, `executor.session ${sessionId}`);
      await lockUntilCommit(manager, `executor.owner ${ownerId}`);
      const [counts]: CommandCounts[] = await manager.query(countSql, [sessionId, ownerId]);
      const refusal = counts ? refuseCommand(counts) : null;
      if (refusal) throw refusal;
      const started: unknown[] = await manager.query(startSql, [
        executionId,
        sessionId,
        ownerId,
        JSON.stringify(envelope.actor),
        envelope.correlationId,
        JSON.stringify(request.command),
        this.lease.token,
      ]);
      if (started.length === 0) throw new AppError('conflict', `execution ${executionId} was already accepted`);
    });
  }

  /** Commits the end and its fact. A row that was given up meanwhile stays as it is. Gives the row as it then stands. */
  async finish(executionId: string, result: CommandResult): Promise<ExecutionEntity> {
    return this.transaction.run(async (manager) => {
      const [, count]: [unknown, number] = await manager.query(finishSql, [
        executionId,
        this.lease.token,
        result.outcome,
        result.exitCode,
        result.startFailed,
        result.stdout,
        result.stderr,
        result.stdoutTruncated,
        result.stderrTruncated,
        result.durationMs,
        result.path,
        result.leftProcesses,
      ]);
      const row = await manager.findOneByOrFail(ExecutionEntity, { executionId });
      if (count === 1) await this.announce(manager, row, result);
      return row;
    });
  }

  private async announce(manager: EntityManager, row: ExecutionEntity, result: CommandResult): Promise<void> {
    const { executionId, sessionId, actor, correlationId } = row;
    const { outcome, durationMs } = result;
    const context = { sessionId, actor, correlationId, causationId: null };
    await this.outbox.add(manager, facts.executionFinished, { executionId, outcome, durationMs }, context);
  }
}
