import type { CommandRun } from '@nalabo/infrastructure-port';
import type { StopCause } from '../command/conclusion.js';
import { OutputCollector } from '../command/output-collector.js';
import { type CommandEnding, superviseCommand } from '../command/supervise-command.js';
import type { SessionShell } from '../shells/session-shells.js';

/** Nothing that a script prints is for anybody to read: a little is matched, and much more is a mistake. */
const outputLimits = { keptBytesPerStream: 64 * 1024, drainedBytesPerStream: 1024 * 1024 };

/** How a script ended, with the beginning of its standard output. */
export interface ScriptEnding extends CommandEnding {
  readonly output: Buffer;
  /** Whether it printed more than `output`. */
  readonly truncated: boolean;
}

export interface ScriptLimits {
  readonly timeoutMs: number;
  /** Aborted when the process must end and a script can't be waited for any longer. */
  readonly shutdown: AbortSignal;
}

/** Runs a script to its end and never longer than allowed. It always resolves: every end of a script is a result. */
export async function runScript(
  shell: SessionShell,
  command: CommandRun,
  { timeoutMs, shutdown }: ScriptLimits,
): Promise<ScriptEnding> {
  const stop = new AbortController();
  const stopBecause = (cause: StopCause): void => stop.abort(cause);
  const stopForShutdown = (): void => stopBecause('shutdown');
  shutdown.addEventListener('abort', stopForShutdown, { once: true });
  if (shutdown.aborted) stopForShutdown();
  const stdout = new OutputCollector(() => stopBecause('flood'), outputLimits);
  const stderr = new OutputCollector(() => stopBecause('flood'), outputLimits);
  const io = { stdout: stdout.accept, stderr: stderr.accept };
  const ending = await superviseCommand((signal) => shell.run(command, io, signal), { timeoutMs, stop });
  shutdown.removeEventListener('abort', stopForShutdown);
  return { ...ending, output: stdout.kept, truncated: stdout.truncated };
}
