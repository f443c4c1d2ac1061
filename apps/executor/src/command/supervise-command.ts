import type { CommandEnd, CommandReport } from '@nalabo/infrastructure-port';
import { type AppError, toAppError } from '@nalabo/kernel';
import { conclude, type Conclusion, type StopCause } from './conclusion.js';
import { commandLimits } from './limits.js';

/** How a command ended. What it printed is with whoever took it. */
export interface CommandEnding extends Conclusion {
  readonly durationMs: number;
  /** Null when the target did not say: its answer never came, or nothing was started. */
  readonly path: CommandReport['path'] | null;
  readonly leftProcesses: boolean;
  /** For operators, why nobody can say how the command ended, or why it did not start; null otherwise. */
  readonly detail: string | null;
}

export interface Supervision {
  readonly timeoutMs: number;
  /** Aborted, with a StopCause as the reason, by whoever wants the command killed; also from here. The first cause counts. */
  readonly stop: AbortController;
  readonly killGraceMilliseconds?: number;
}

type Report = Pick<CommandEnding, 'path' | 'leftProcesses' | 'detail'> & { readonly end: CommandEnd };

/** Starts a command, and sees to it that the signal kills it. */
export type StartCommand = (signal: AbortSignal) => Promise<CommandReport>;

/** Runs a command to its end and never longer than allowed. It always resolves: every end of a command is a result. */
export async function superviseCommand(
  start: StartCommand,
  { timeoutMs, stop, killGraceMilliseconds = commandLimits.killGraceMilliseconds }: Supervision,
): Promise<CommandEnding> {
  const cause: StopCause = 'timeout';
  const timer = setTimeout(() => stop.abort(cause), timeoutMs);
  const startedAt = performance.now();
  const { end, ...report } = await reportOf(start(stop.signal), stop.signal, killGraceMilliseconds);
  clearTimeout(timer);
  return {
    ...conclude(end, stop.signal.aborted ? (stop.signal.reason as StopCause) : null),
    durationMs: Math.round(performance.now() - startedAt),
    ...report,
  };
}

/** What the shell reports, or `lost` when a kill isn't confirmed in time: a target that hangs must not hold the caller. */
async function reportOf(
  running: Promise<CommandReport>,
  stop: AbortSignal,
  graceMilliseconds: number,
): Promise<Report> {
  const { promise, resolve } = Promise.withResolvers<Report>();
  const resolveWithout = (end: CommandEnd, detail: string): void =>
    resolve({ end, detail, path: null, leftProcesses: false });
  const lose = (detail: string): void => resolveWithout({ kind: 'lost', detail }, detail);
  let grace: NodeJS.Timeout | undefined;
  const startGrace = (): void => {
    grace = setTimeout(() => lose('the command was told to stop and its end was not confirmed'), graceMilliseconds);
  };
  if (stop.aborted) startGrace();
  else stop.addEventListener('abort', startGrace);
  running.then(
    (report) => resolve({ ...report, detail: report.end.kind === 'lost' ? report.end.detail : null }),
    (thrown: unknown) => {
      const error = toAppError(thrown);
      if (isNothingStarted(error)) resolveWithout(notStarted, error.message);
      else lose(error.message);
    },
  );
  const report = await promise;
  clearTimeout(grace);
  return report;
}

const notStarted: CommandEnd = { kind: 'exited', exitCode: 126, startFailed: true };

/** What a shell promises of these two. */
function isNothingStarted({ kind }: AppError): boolean {
  return kind === 'not_found' || kind === 'unavailable';
}
