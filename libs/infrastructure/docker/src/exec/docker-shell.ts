import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, toAppError } from '@nalabo/kernel';
import type { CommandEnd, CommandIo, CommandRun, Shell } from '@nalabo/infrastructure-port';
import type { DockerClient } from '../engine/docker.client.js';
import { commandOptions, type ShellIdentity } from './exec-options.js';
import { killCommand } from './command-kill.js';
import { RunningCommand } from './running-command.js';
import { ScriptExec } from './script-exec.js';

/** How often a command that is still running is looked at. */
const watchIntervalMs = 1000;
/** How long output may still come after the command itself has ended; a background child may hold it open for ever. */
const leftoverGraceMs = 1000;
/** How long the engine may take to notice the end after the output has ended. */
const settleDeadlineMs = 5000;
const settleIntervalMs = 20;
const killedBySignal = 137;

/** One engine exec per command. Nothing is held open between commands. */
export class DockerShell implements Shell {
  readonly path = 'exec';
  private readonly scripts: ScriptExec;

  constructor(
    private readonly client: DockerClient,
    private readonly containerId: string,
    private readonly identity: ShellIdentity,
  ) {
    this.scripts = new ScriptExec(client, containerId, identity);
  }

  async run(command: CommandRun, io: CommandIo, signal: AbortSignal): Promise<CommandEnd> {
    if (signal.aborted) return { kind: 'killed' };
    const token = randomBytes(16).toString('hex');
    let execId: string;
    let stream: Duplex;
    try {
      execId = await this.client.createExec(this.containerId, commandOptions(command, this.identity, token));
      stream = await this.client.startExec(execId);
    } catch (error) {
      return lostOrThrow(error);
    }
    const running = new RunningCommand(stream, io, token);
    running.feed(command.stdin);
    return this.follow(execId, running, command, signal);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The first of three: the output ends, the caller aborts, or the command ends and leaves somebody holding its output. */
  private async follow(
    execId: string,
    running: RunningCommand,
    command: CommandRun,
    signal: AbortSignal,
  ): Promise<CommandEnd> {
    const stop = new AbortController();
    const pumped = running.pump().then(
      () => ({ cause: 'ended' as const }),
      (error: unknown) => ({ cause: 'broken' as const, error }),
    );
    const aborted = new Promise<{ cause: 'aborted' }>((resolve) => {
      signal.addEventListener('abort', () => resolve({ cause: 'aborted' }), { signal: stop.signal, once: true });
    });
    const abandoned = this.watch(execId, running, stop.signal);
    const kill = (): Promise<CommandEnd> => killCommand(this.scripts, command.executionId, running, pumped);
    try {
      if (signal.aborted) return await kill();
      const first = await Promise.race([pumped, aborted, abandoned]);
      if (first.cause === 'aborted') return await kill();
      if (first.cause === 'broken' && !isBrokenPipe(first.error)) {
        // The consumer threw: nobody wants the output any more, so the command has no reason to go on.
        await kill();
        throw first.error;
      }
      return await this.settle(execId, running.notice).catch(lostOrThrow);
    } finally {
      stop.abort();
      running.abandon();
    }
  }

  /** Resolves when the command has ended and its output has been silent for a while, although it is still open. */
  private async watch(execId: string, running: RunningCommand, stop: AbortSignal): Promise<{ cause: 'abandoned' }> {
    const never = new Promise<never>(() => undefined);
    for (;;) {
      const isOver = await pause(watchIntervalMs, false, { signal: stop, ref: false }).catch(() => true);
      if (isOver) return never;
      const isRunning = await this.client.inspectExec(execId).then(
        (exec) => exec.isRunning,
        // Gone with its container; any other trouble shows on the stream itself.
        (error: unknown) => toAppError(error).kind !== 'not_found',
      );
      if (!isRunning && running.idleMs() >= leftoverGraceMs) return { cause: 'abandoned' };
    }
  }

  /** The engine's word on how the command ended. */
  private async settle(execId: string, notice: RunningCommand['notice']): Promise<CommandEnd> {
    const deadline = performance.now() + settleDeadlineMs;
    let exec = await this.client.inspectExec(execId);
    while (exec.isRunning && performance.now() < deadline) {
      await pause(settleIntervalMs);
      exec = await this.client.inspectExec(execId);
    }
    const { exitCode } = exec;
    if (exec.isRunning) return { kind: 'lost', detail: 'the output ended and the command did not' };
    if (exitCode === null) return { kind: 'lost', detail: 'the workbench stopped' };
    // Everything in a workbench that stops is killed: that is no end of the command's own.
    if (exitCode === killedBySignal && !(await this.isAlive()))
      return { kind: 'lost', detail: 'the workbench stopped' };
    // Without a notice the engine could not even start our shell.
    return { kind: 'exited', exitCode, startFailed: notice.startFailed || notice.processGroup === null };
  }

  /** The engine learns late that a container has died, but nothing can be started in a dead one. */
  private async isAlive(): Promise<boolean> {
    try {
      return (await this.scripts.run(':')) === 0;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }
}

/** A session that went away in the middle is a way for a command to end; anything else is an error. */
function lostOrThrow(error: unknown): CommandEnd {
  if (error instanceof AppError && (error.kind === 'not_found' || error.kind === 'conflict')) {
    return { kind: 'lost', detail: 'the workbench is gone' };
  }
  throw error;
}

function isBrokenPipe(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}
