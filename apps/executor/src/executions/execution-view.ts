import type { ExecutionView } from '@nalabo/contracts';
import type { ExecutionEntity } from './execution.entity.js';

export type ExecutionSummary = Omit<ExecutionView, 'stdout' | 'stderr'>;
export type ExecutionSummaryRow = Omit<ExecutionEntity, 'stdout' | 'stderr'>;

export function summaryOf(row: ExecutionSummaryRow): ExecutionSummary {
  return {
    executionId: row.executionId,
    sessionId: row.sessionId,
    state: row.state,
    command: row.command,
    outcome: row.outcome,
    exitCode: row.exitCode,
    truncated: { stdout: row.stdoutTruncated, stderr: row.stderrTruncated },
    startFailed: row.startFailed,
    durationMs: row.durationMs,
    path: row.path,
    startedAt: row.startedAt.toISOString(),
  };
}

export function viewOf(row: ExecutionEntity): ExecutionView {
  return { ...summaryOf(row), stdout: row.stdout.toString('base64'), stderr: row.stderr.toString('base64') };
}
