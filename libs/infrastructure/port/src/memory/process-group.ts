import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { CommandEnd, CommandIo, CommandRun } from '../exec.js';
import { killGroup, killMarkedProcesses } from './kill-processes.js';
import type { LiveCommand } from './memory-workbench.js';

/** By which the processes of one command are found, those that left its group too. */
const executionMark = 'NALABO_EXECUTION_ID';

/** One command as a process group of this machine. */
export class ProcessGroup implements LiveCommand {
  private readonly cutShort = Promise.withResolvers<CommandEnd>();

  constructor(private readonly command: CommandRun) {}

  /** Runs the command to its end, or until the signal aborts or `lose` is called; then nothing of it is left running. */
  async run(io: CommandIo, signal: AbortSignal): Promise<CommandEnd> {
    const abort = (): void => this.cutShort.resolve({ kind: 'killed' });
    signal.addEventListener('abort', abort, { once: true });
    const child = this.spawn();
    try {
      // A consumer that has stopped reading must not keep an abort waiting, hence the race.
      const end = await Promise.race([finish(child, io), this.cutShort.promise]);
      if (end.kind !== 'exited') await this.kill(child);
      return end;
    } catch (error) {
      const startFailure = startFailureOf(error);
      if (startFailure) return startFailure;
      await this.kill(child);
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  lose(detail: string): void {
    this.cutShort.resolve({ kind: 'lost', detail });
  }

  private spawn(): ChildProcess {
    const { program, workingDirectory, environment, executionId, stdin } = this.command;
    const [file = '', ...args] = 'script' in program ? ['sh', '-c', program.script] : program;
    const child = spawn(file, args, {
      cwd: workingDirectory,
      env: { ...environment, [executionMark]: executionId },
      detached: true,
      stdio: [stdin === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    child.stdin?.on('error', () => {
      // A program may end without reading its input; how it ended is told by its exit, not by the broken pipe.
    });
    child.stdin?.end(stdin);
    return child;
  }

  private async kill(child: ChildProcess): Promise<void> {
    if (child.pid !== undefined) killGroup(child.pid);
    await killMarkedProcesses(`${executionMark}=${this.command.executionId}`);
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

async function finish(child: ChildProcess, io: CommandIo): Promise<CommandEnd> {
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const [[exitCode, signal]] = await Promise.all([
    exit,
    pump(child.stdout, (chunk) => io.stdout(chunk)),
    pump(child.stderr, (chunk) => io.stderr(chunk)),
  ]);
  return { kind: 'exited', exitCode: exitCode ?? signalExitCode(signal), startFailed: false };
}

async function pump(stream: Readable | null, consume: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
  if (!stream) return;
  for await (const chunk of stream as AsyncIterable<Buffer>) await consume(chunk);
}

/** As a shell reports it: 128 plus the number of the signal. */
function signalExitCode(signal: NodeJS.Signals | null): number {
  return 128 + (signal ? constants.signals[signal] : 0);
}

/** A missing program or working directory is 127, one that may not be executed is 126, as shells say it. */
function startFailureOf(error: unknown): CommandEnd | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (!syscall?.startsWith('spawn')) return undefined;
  return { kind: 'exited', exitCode: code === 'ENOENT' ? 127 : 126, startFailed: true };
}
