import type { ExecutionView, RequestOf, rpcs } from '@nalabo/contracts';
import type { CommandEnding } from '../command/supervise-command.js';
import type { LiveExecution } from '../live/live-execution.js';
import type { ExecutionEntity } from './execution.entity.js';
import { shortenCommand } from './shorten-command.js';

type RunRequest = RequestOf<typeof rpcs.executor.runCommand>;

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

/** What `viewOf` gives of the row of a command that has just been accepted. */
export function runningViewOf({ executionId, sessionId, command }: RunRequest, startedAt: Date): ExecutionView {
  return {
    executionId,
    sessionId,
    state: 'running',
    command: shortenCommand(command, commandBytes.withOutput),
    outcome: null,
    exitCode: null,
    stdout: '',
    stderr: '',
    truncated: { stdout: false, stderr: false },
    startFailed: false,
    durationMs: null,
    path: null,
    leftProcesses: false,
    startedAt: startedAt.toISOString(),
  };
}

/** What `viewOf` gives of the row of a command whose end has just been stored. */
export function endedViewOf(
  request: RunRequest,
  startedAt: Date,
  { stdout, stderr }: Pick<LiveExecution, 'stdout' | 'stderr'>,
  { outcome, exitCode, startFailed, durationMs, path, leftProcesses }: CommandEnding,
): ExecutionView {
  return {
    ...runningViewOf(request, startedAt),
    state: 'finished',
    outcome,
    exitCode,
    startFailed,
    durationMs,
    path,
    leftProcesses,
    truncated: { stdout: stdout.truncated, stderr: stderr.truncated },
    stdout: stdout.kept.toString('base64'),
    stderr: stderr.kept.toString('base64'),
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
