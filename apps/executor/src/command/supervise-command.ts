import type { CommandEnd, CommandReport, CommandRun, Shell } from '@nalabo/infrastructure-port';
import { toAppError } from '@nalabo/kernel';
import { conclude, type Conclusion, type StopCause } from './conclusion.js';
import { type CommandLimits, commandLimits } from './limits.js';
import { OutputCollector } from './output-collector.js';

/** Everything that is known of a command after its end. */
export interface CommandResult extends Conclusion {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly stdoutTruncated: boolean;
  readonly stderrTruncated: boolean;
  readonly durationMs: number;
  /** Null when the target did not say: its answer never came. */
  readonly path: CommandReport['path'] | null;
  readonly leftProcesses: boolean;
  /** For operators, why nobody can say how the command ended; null otherwise. */
  readonly lostDetail: string | null;
}

export interface Supervision {
  readonly timeoutMs: number;
  /** Aborted when the process must end and commands can't be waited for any longer. */
  readonly shutdown: AbortSignal;
  readonly limits?: CommandLimits;
}

/** Runs a command to its end and never longer than allowed. It always resolves: every end of a command is a result. */
export async function superviseCommand(
  shell: Pick<Shell, 'run'>,
  command: CommandRun,
  { timeoutMs, shutdown, limits = commandLimits }: Supervision,
): Promise<CommandResult> {
  const stop = new AbortController();
  const stopBecause = (cause: StopCause): void => stop.abort(cause);
  const stopForShutdown = (): void => stopBecause('shutdown');
  const timer = setTimeout(() => stopBecause('timeout'), timeoutMs);
  shutdown.addEventListener('abort', stopForShutdown, { once: true });
  if (shutdown.aborted) stopForShutdown();
  const stdout = new OutputCollector(() => stopBecause('flood'), limits);
  const stderr = new OutputCollector(() => stopBecause('flood'), limits);
  const startedAt = performance.now();
  const io = { stdout: stdout.accept, stderr: stderr.accept };
  const { end, path, leftProcesses } = await reportOf(
    shell.run(command, io, stop.signal),
    stop.signal,
    limits.killGraceMilliseconds,
  );
  clearTimeout(timer);
  shutdown.removeEventListener('abort', stopForShutdown);
  return {
    ...conclude(end, stop.signal.aborted ? (stop.signal.reason as StopCause) : null),
    stdout: stdout.kept,
    stderr: stderr.kept,
    stdoutTruncated: stdout.truncated,
    stderrTruncated: stderr.truncated,
    durationMs: Math.round(performance.now() - startedAt),
    path,
    leftProcesses,
    lostDetail: end.kind === 'lost' ? end.detail : null,
  };
}

type Report = Pick<CommandResult, 'path' | 'leftProcesses'> & { readonly end: CommandEnd };

/** What the shell reports, or `lost` when a kill isn't confirmed in time: a target that hangs must not hold the caller. */
async function reportOf(running: Promise<Report>, stop: AbortSignal, graceMilliseconds: number): Promise<Report> {
  const { promise, resolve } = Promise.withResolvers<Report>();
  const lose = (detail: string): void => resolve({ end: { kind: 'lost', detail }, path: null, leftProcesses: false });
  let grace: NodeJS.Timeout | undefined;
  const startGrace = (): void => {
    grace = setTimeout(() => lose('the command was told to stop and its end was not confirmed'), graceMilliseconds);
  };
  if (stop.aborted) startGrace();
  else stop.addEventListener('abort', startGrace);
  running.then(resolve, (error: unknown) => lose(toAppError(error).message));
  const report = await promise;
  clearTimeout(grace);
  return report;
}
