import type { ExecutionEntity } from '../executions/execution.entity.js';
import { type FinishedFrame, type FramePage, framesAfter } from './frames-after.js';
import { piecesOf } from './output-piece.js';

/** The frames of an execution that lives nowhere any more, and of one of which only the row can be had. */
export function rowFramesAfter(row: ExecutionEntity, after: number): FramePage {
  const { startedAt, stdout, stderr, frames } = row;
  const end = endOf(row);
  const page = framesAfter({ startedAt, stdout, stderr, end, pieces: piecesOf(frames ?? []) }, after);
  // Given up with its process, what it printed is lost and with it the numbers. Whoever has seen some gets the end still.
  if (end && frames === null && page.frames.length === 0)
    page.frames.push({ kind: 'finished', seq: after + 1, ...end });
  return page;
}

function endOf(row: ExecutionEntity): Omit<FinishedFrame, 'kind' | 'seq'> | null {
  if (row.state === 'running') return null;
  const { outcome, exitCode, startFailed, durationMs, path, leftProcesses } = row;
  const truncated = { stdout: row.stdoutTruncated, stderr: row.stderrTruncated };
  return { outcome, exitCode, truncated, startFailed, durationMs, path, leftProcesses };
}
