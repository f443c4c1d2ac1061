import { spawn } from 'node:child_process';
import { findProgram } from './find-program.js';
import { lastLine, type ProgramOptions } from './run-program.js';

const KEPT_OUTPUT = 8192;
const STOP_DEADLINE_MS = 20_000;

export interface BackgroundOptions extends ProgramOptions {
  /** Receives what it writes to standard output and error, as it comes. */
  onOutput?: (text: string) => void;
}

export interface BackgroundProgram {
  readonly pid: number | undefined;
  /** Settles when the program is gone; the value says how, in words. Never rejects. */
  readonly ended: Promise<string>;
  hasEnded(): boolean;
  /** The last 8 KiB it wrote. */
  output(): string;
  /** Asks it to end with the given signal and kills it after 20 s. Safe to call twice. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a server that lives as long as this process. It gets a session of its own, so that Ctrl-C at the terminal
 * reaches only us and we decide the order of the end; and where `setpriv` exists the kernel ends it when we are killed.
 */
export async function startBackground(
  command: string,
  args: string[],
  endSignal: 'INT' | 'TERM',
  { onOutput, ...options }: BackgroundOptions = {},
): Promise<BackgroundProgram> {
  const setpriv = await findProgram('setpriv');
  const line = setpriv ? [setpriv, `--pdeathsig=${endSignal}`, '--', command, ...args] : [command, ...args];
  const [program = command, ...rest] = line;
  const child = spawn(program, rest, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (text: string): void => {
    output = (output + text).slice(-KEPT_OUTPUT);
    onOutput?.(text);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);

  let over = false;
  const ended = new Promise<string>((resolve) => {
    const end = (how: string): void => {
      over = true;
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) => end(lastLine(output) || `ended by ${signal ?? `exit ${code}`}`));
  });
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (over) return;
    child.kill(signal);
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    await ended;
    clearTimeout(killer);
  };
  return { pid: child.pid, ended, hasEnded: () => over, output: () => output, stop };
}
