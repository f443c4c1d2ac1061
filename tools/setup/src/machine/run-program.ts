import { spawn } from 'node:child_process';
import { SetupError } from './setup-error.js';

export interface ProgramOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

export interface ProgramResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. Rejects only when it cannot be started at all. */
export function runProgram(command: string, args: string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', (error) => reject(new SetupError(`cannot run ${command}: ${error.message}`, { cause: error })));
    child.once('close', (code) => resolve({ exitCode: code ?? 255, stdout, stderr }));
  });
}

/** Runs a program that has to succeed and gives its standard output; otherwise a `SetupError` with its last line. */
export async function mustRun(command: string, args: string[], options: ProgramOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(command, args, options);
  if (exitCode === 0) return stdout;
  throw new SetupError(`${command} failed (exit ${exitCode}): ${lastLine(stderr) || lastLine(stdout) || 'no output'}`);
}

export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
