import { newExecutionId } from '@nalabo/kernel';
import type { CommandEnd, CommandRun, Shell } from '@nalabo/infrastructure-port';

export interface CommandResult {
  readonly end: CommandEnd;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the workspace and keeps what it says. */
export async function run(
  shell: Shell,
  program: readonly string[],
  overrides: Partial<CommandRun> & { readonly signal?: AbortSignal } = {},
): Promise<CommandResult> {
  const { signal = AbortSignal.timeout(60_000), ...changes } = overrides;
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
    stdout: (chunk: Uint8Array) => void stdout.push(Uint8Array.from(chunk)),
    stderr: (chunk: Uint8Array) => void stderr.push(Uint8Array.from(chunk)),
  };
  const { end } = await shell.run(command, io, signal);
  return { end, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

export function script(
  shell: Shell,
  text: string,
  overrides: Partial<CommandRun> & { readonly signal?: AbortSignal } = {},
): Promise<CommandResult> {
  return run(shell, ['sh', '-c', text], overrides);
}
