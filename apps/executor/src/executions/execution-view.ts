import type { ExecutionView } from '@nalabo/contracts';
import type { ExecutionEntity } from './execution.entity.js';
import { shortenCommand } from './shorten-command.js';

/** Of JSON. The longest page of executions, and one execution with all the output that is kept, fit into one message. */
const commandBytes = { inList: 1024, withOutput: 256 * 1024 };

export type ExecutionSummary = Omit<ExecutionView, 'stdout' | 'stderr'>;
export type ExecutionSummaryRow = Omit<ExecutionEntity, 'stdout' | 'stderr'>;

export function summaryOf(row: ExecutionSummaryRow): ExecutionSummary {
  return { ...factsOf(row), command: shortenCommand(row.command, commandBytes.inList) };
}

export function viewOf(row: ExecutionEntity): ExecutionView {
  return {
    ...factsOf(row),
    command: shortenCommand(row.command, commandBytes.withOutput),
    stdout: row.stdout.toString('base64'),
    stderr: row.stderr.toString('base64'),
  };
}

function factsOf(row: ExecutionSummaryRow): Omit<ExecutionSummary, 'command'> {
  return {
    executionId: row.executionId,
    sessionId: row.sessionId,
    state: row.state,
    outcome: row.outcome,
    exitCode: row.exitCode,
    truncated: { stdout: row.stdoutTruncated, stderr: row.stderrTruncated },
    startFailed: row.startFailed,
    durationMs: row.durationMs,
    path: row.path,
    leftProcesses: row.leftProcesses,
    startedAt: row.startedAt.toISOString(),
  };
}
