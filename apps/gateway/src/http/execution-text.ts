import {
  type ExecuteCommand,
  type ExecutionView,
  executionViewSchema,
  type RequestOf,
  type rpcs,
} from '@nalabo/contracts';
import { z } from 'zod';
import { decodeOutput, encodeStdin, type Encoding } from './text-encoding.js';

const outputText = z.string().describe('text, or base64 when the encoding is base64');

/** An execution as a client reads it. */
export const executionTextSchema = executionViewSchema.extend({ stdout: outputText, stderr: outputText });

/** The answer to `execute`. */
export const executeResultSchema = executionTextSchema.pick({
  executionId: true,
  outcome: true,
  exitCode: true,
  stdout: true,
  stderr: true,
  truncated: true,
  startFailed: true,
  durationMs: true,
  path: true,
  leftProcesses: true,
});
export type ExecuteResult = z.infer<typeof executeResultSchema>;

type RunCommand = RequestOf<typeof rpcs.executor.runCommand>;

/** A command before it is said how its answer is waited for. */
export type CommandOrder = Omit<RunCommand, 'wait' | 'live'>;

/** Throws `invalid_input` when standard input is not in the encoding that was named. */
export function toCommandOrder(
  order: Pick<RunCommand, 'sessionId' | 'executionId' | 'idempotency'>,
  { command, timeout, cwd, env, stdin, encoding }: ExecuteCommand,
): CommandOrder {
  return {
    ...order,
    command,
    timeoutMs: timeout,
    cwd: cwd ?? null,
    env: env ?? {},
    stdin: stdin === undefined ? null : encodeStdin(stdin, encoding),
  };
}

export function toExecutionText(view: ExecutionView, encoding: Encoding): ExecutionView {
  return {
    ...view,
    stdout: decodeOutput(view.stdout, encoding, view.truncated.stdout),
    stderr: decodeOutput(view.stderr, encoding, view.truncated.stderr),
  };
}

export function toExecuteResult(view: ExecutionView, encoding: Encoding): ExecuteResult {
  return executeResultSchema.parse(toExecutionText(view, encoding));
}
