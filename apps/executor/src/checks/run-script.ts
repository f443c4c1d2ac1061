import type { CommandEnd, CommandIo, CommandReport } from '@nalabo/infrastructure-port';
import { toAppError } from '@nalabo/kernel';
import { conclude, type Conclusion, type StopCause } from '../command/conclusion.js';
import { commandLimits } from '../command/limits.js';
import { OutputCollector } from '../command/output-collector.js';

/** Nothing that a script prints is for anybody to read: a little is matched, and much more is a mistake. */
const outputLimits = { keptBytesPerStream: 64 * 1024, drainedBytesPerStream: 1024 * 1024 };

/** Starts the script in the session. */
export type StartScript = (io: CommandIo, signal: AbortSignal) => Promise<CommandReport>;

/** How a script ended, and the beginning of its standard output. */
export interface ScriptResult extends Conclusion {
  readonly output: Buffer;
  /** Whether it printed more than `output`. */
  readonly truncated: boolean;
  readonly durationMs: number;
  /** For operators, why nobody can say how it ended; null otherwise. */
  readonly lostDetail: string | null;
}

/** Runs a script to its end and never longer than allowed. It always resolves: every end of a script is a result. */
export async function runScript(
  start: StartScript,
  { timeoutMs, shutdown }: { readonly timeoutMs: number; readonly shutdown: AbortSignal },
): Promise<ScriptResult> {
  const stop = new AbortController();
  const stopBecause = (cause: StopCause): void => stop.abort(cause);
  const stopForShutdown = (): void => stopBecause('shutdown');
  const timer = setTimeout(() => stopBecause('timeout'), timeoutMs);
  shutdown.addEventListener('abort', stopForShutdown, { once: true });
  if (shutdown.aborted) stopForShutdown();
  const [stdout, stderr] = [0, 1].map(() => new OutputCollector(() => stopBecause('flood'), outputLimits));
  const startedAt = performance.now();
  const end = await endOf(start({ stdout: stdout.accept, stderr: stderr.accept }, stop.signal), stop.signal);
  clearTimeout(timer);
  shutdown.removeEventListener('abort', stopForShutdown);
  return {
    ...conclude(end, stop.signal.aborted ? (stop.signal.reason as StopCause) : null),
    output: stdout.kept,
    truncated: stdout.truncated,
    durationMs: Math.round(performance.now() - startedAt),
    lostDetail: end.kind === 'lost' ? end.detail : null,
  };
}
