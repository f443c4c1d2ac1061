import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@nalabo/kernel';
import type { CommandEnd, CommandIo, CommandReport, CommandRun, Shell } from '../exec.js';
import { killCommand } from './command-kill.js';
import { commandRequest, inputOf } from './command-request.js';
import type { ExecStream, ExecTransport } from './exec-stream.js';
import { Killer } from './killer.js';
import { RunningCommand } from './running-command.js';
import { ScriptRunner, type Scripts } from './script-runner.js';

/** How often a command that is still running is looked at. */
const watchIntervalMs = 1000;
/** How long output may still come after the command itself has ended; a background child may hold it open for ever. */
const leftoverGraceMs = 1000;
const killedBySignal = 137;

/** One exec of the infrastructure per command. Nothing is held open between commands. */
export class ExecShell implements Shell {
  constructor(
    private readonly transport: ExecTransport,
    private readonly scripts: Scripts = new ScriptRunner(transport),
    private readonly killer = new Killer(scripts),
  ) {}

  async run(command: CommandRun, io: CommandIo, signal: AbortSignal): Promise<CommandReport> {
    if (signal.aborted) return { end: { kind: 'killed' }, path: 'exec', leftProcesses: false };
    const token = randomBytes(16).toString('hex');
    const stream = await this.open(command, token);
    const running = new RunningCommand(stream, io, token);
    void running.feed(inputOf(command));
    const { end, leftProcesses } = await this.follow(stream, running, command.executionId, signal);
    return { end, path: 'exec', leftProcesses };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Nothing has been started when it throws: what a workbench refuses because it does not run is `not_found`. */
  private async open(command: CommandRun, token: string): Promise<ExecStream> {
    try {
      return await this.transport.open(commandRequest(command, token));
    } catch (error) {
      if (!isGone(error)) throw error;
      throw new AppError('not_found', 'the workbench is gone', { cause: error });
    }
  }

  /** The first of three: the output ends, the caller aborts, or the command ends and leaves somebody holding its output. */
  private async follow(
    stream: ExecStream,
    running: RunningCommand,
    executionId: string,
    signal: AbortSignal,
  ): Promise<Pick<CommandReport, 'end' | 'leftProcesses'>> {
    const stop = new AbortController();
    const pumped = running.pump().then(
      () => ({ cause: 'ended' as const }),
      (error: unknown) => ({ cause: 'refused' as const, error }),
    );
    const aborted = new Promise<{ cause: 'aborted' }>((resolve) => {
      signal.addEventListener('abort', () => resolve({ cause: 'aborted' }), { signal: stop.signal, once: true });
    });
    const abandoned = watch(stream, running, stop.signal);
    const kill = async (): Promise<Pick<CommandReport, 'end' | 'leftProcesses'>> => ({
      end: await killCommand(this.killer, executionId, running, pumped),
      leftProcesses: false,
    });
    try {
      if (signal.aborted) return await kill();
      const first = await Promise.race([pumped, aborted, abandoned]);
      if (first.cause === 'aborted') return await kill();
      if (first.cause === 'refused') {
        // The consumer threw: nobody wants the output any more, so the command has no reason to go on.
        await kill();
        throw first.error;
      }
      const end = await this.settle(stream, running.notice).catch(lostOrThrow);
      return { end, leftProcesses: first.cause === 'abandoned' };
    } finally {
      stop.abort();
      running.abandon();
    }
  }

  /** The infrastructure's word on how the command ended. */
  private async settle(stream: ExecStream, notice: RunningCommand['notice']): Promise<CommandEnd> {
    const end = await stream.ended();
    if (end.kind === 'lost') return end;
    const { exitCode } = end;
    // Everything in a workbench that stops is killed: that is no end of the command's own.
    if (exitCode === killedBySignal && !(await this.isAlive())) {
      return { kind: 'lost', detail: 'the workbench stopped' };
    }
    // Without a notice not even our shell could be started.
    return { kind: 'exited', exitCode, startFailed: notice.startFailed || notice.processGroup === null };
  }

  /** An infrastructure learns late that a container has died, but nothing can be started in a dead one. */
  private async isAlive(): Promise<boolean> {
    try {
      return (await this.scripts.run(':', [])).exitCode === 0;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }
}

/** Resolves when the command has ended and its output has been silent for a while, although it is still open. */
async function watch(stream: ExecStream, running: RunningCommand, stop: AbortSignal): Promise<{ cause: 'abandoned' }> {
  const never = new Promise<never>(() => undefined);
  for (;;) {
    const isOver = await pause(watchIntervalMs, false, { signal: stop, ref: false }).catch(() => true);
    if (isOver) return never;
    if (!(await stream.isRunning()) && running.idleMs() >= leftoverGraceMs) return { cause: 'abandoned' };
  }
}

/** Whoever cannot say how a command ended does not say that nothing was started: it would be started again. */
function lostOrThrow(error: unknown): CommandEnd {
  if (isGone(error)) return { kind: 'lost', detail: 'the workbench is gone' };
  if (error instanceof AppError) return { kind: 'lost', detail: `its end cannot be told: ${error.message}` };
  throw error;
}

function isGone(error: unknown): boolean {
  return error instanceof AppError && (error.kind === 'not_found' || error.kind === 'conflict');
}
