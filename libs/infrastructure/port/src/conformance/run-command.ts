import { expect } from 'vitest';
import { newExecutionId } from '@nalabo/kernel';
import type { CommandEnd, CommandIo, CommandRun, Shell } from '../exec.js';

export interface RunOptions extends Partial<Omit<CommandRun, 'program'>> {
  readonly io?: CommandIo;
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  readonly end: CommandEnd;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the workspace and keeps all it says. */
export async function runProgram(
  shell: Shell,
  program: readonly string[],
  options: RunOptions = {},
): Promise<CommandResult> {
  const { io, signal = AbortSignal.timeout(60_000), ...overrides } = options;
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const collect: CommandIo = {
    stdout: (chunk) => void stdout.push(Uint8Array.from(chunk)),
    stderr: (chunk) => void stderr.push(Uint8Array.from(chunk)),
  };
  const command: CommandRun = {
    executionId: newExecutionId(),
    program,
    workingDirectory: '/workspace',
    environment: {},
    stdin: null,
    ...overrides,
  };
  const { end } = await shell.run(command, io ?? collect, signal);
  return { end, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** Runs a script with `sh`; further arguments are `$1`, `$2` and so on. */
export function runScript(
  shell: Shell,
  script: string,
  options: RunOptions & { args?: readonly string[] } = {},
): Promise<CommandResult> {
  const { args = [], ...rest } = options;
  return runProgram(shell, ['sh', '-c', script, 'sh', ...args], rest);
}

/** What a script that succeeds says on standard output. */
export async function outputOf(shell: Shell, script: string, ...args: readonly string[]): Promise<string> {
  const { end, stdout, stderr } = await runScript(shell, script, { args });
  expect(end, stderr).toEqual(exitedWith(0));
  return stdout;
}

export function exitedWith(exitCode: number): CommandEnd {
  return { kind: 'exited', exitCode, startFailed: false };
}
