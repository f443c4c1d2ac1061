import { newExecutionId } from '@nalabo/kernel';
import type { CommandEnd, CommandRun, Shell } from '@nalabo/infrastructure-port';

export interface CommandResult {
  readonly end: CommandEnd;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions extends Partial<CommandRun> {
  readonly signal?: AbortSignal;
  /** Is told when something has come on standard output. */
  readonly heard?: () => void;
}

/** Runs a program in the workspace and keeps what it says. */
export async function run(shell: Shell, program: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const { signal = AbortSignal.timeout(60_000), heard, ...changes } = options;
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const command: CommandRun = {
    executionId: newExecutionId(),
    program,
    workingDirectory: '/workspace',
    environment: {},
    stdin: null,
    ...changes,
  };
  const io = {
    stdout: (chunk: Uint8Array) => {
      stdout.push(Uint8Array.from(chunk));
      heard?.();
    },
    stderr: (chunk: Uint8Array) => void stderr.push(Uint8Array.from(chunk)),
  };
  const { end } = await shell.run(command, io, signal);
  return { end, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

export function script(shell: Shell, text: string, options?: RunOptions): Promise<CommandResult> {
  return run(shell, ['sh', '-c', text], options);
}

/** As `script`, aborted as soon as it says something. */
export function scriptUntilHeard(shell: Shell, text: string): Promise<CommandResult> {
  const abort = new AbortController();
  return script(shell, text, { signal: abort.signal, heard: () => abort.abort() });
}
