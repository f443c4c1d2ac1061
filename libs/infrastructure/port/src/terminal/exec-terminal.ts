import { AppError } from '@nalabo/kernel';
import type { ExecTransport } from '../command/exec-stream.js';
import { OutputGate } from '../command/output-gate.js';
import { ScriptRunner } from '../command/script-runner.js';
import { settledWithin } from '../command/settled-within.js';
import type { Terminal, TerminalRequest, TerminalSize } from '../exec.js';
import { Leash } from './leash.js';
import { terminalProgram } from './terminal-program.js';
import type { TerminalExec, TerminalTransport } from './terminal-transport.js';

/** How long the shell may take to end by itself when it is hung up. */
const hangUpGraceMs = 1000;
/** A window that is being dragged has hundreds of sizes a second. */
const resizeIntervalMs = 50;
const killedBySignal = 137;

interface TerminalPlace {
  readonly commands: ExecTransport;
  readonly terminals: TerminalTransport;
  /** Where the shell begins. */
  readonly directory: string;
}

/** A terminal by the means of the infrastructure, which its leash ends. */
export class ExecTerminal implements Terminal {
  private gate: OutputGate | undefined;
  private reading: Promise<void> | undefined;
  private closing: Promise<void> | undefined;
  private resizing: Promise<void> = Promise.resolve();
  private resizeTimer: NodeJS.Timeout | undefined;
  private size: TerminalSize | undefined;

  private constructor(
    private readonly exec: TerminalExec,
    private readonly leash: Leash,
    private readonly scripts: ScriptRunner,
  ) {}

  /** @throws AppError `not_found` when the workbench does not run, `unavailable` when the target is away. */
  static async open(place: TerminalPlace, request: TerminalRequest): Promise<Terminal> {
    try {
      const leash = await Leash.open(place.commands, request.terminalId);
      const exec = await openExec(place, request, leash);
      return new ExecTerminal(exec, leash, new ScriptRunner(place.commands));
    } catch (error) {
      if (isGone(error)) throw new AppError('not_found', 'the workbench is gone', { cause: error });
      throw error;
    }
  }

  read(take: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
    this.gate = new OutputGate({ stdout: take, stderr: take });
    this.reading = this.exec.stream.read(this.gate);
    return this.reading;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.exec.stream.write(bytes);
  }

  resize(size: TerminalSize): void {
    this.size = size;
    this.resizeTimer ??= setTimeout(() => this.applySize(), resizeIntervalMs);
  }

  async ended(): Promise<number | null> {
    try {
      const end = await this.exec.stream.ended();
      if (end.kind === 'lost') return null;
      // Everything in a workbench that stops is killed: that is no end of the shell's own.
      const isCertain = end.exitCode !== killedBySignal || (await this.scripts.run(':', [])).exitCode === 0;
      return isCertain ? end.exitCode : null;
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }

  close(): Promise<void> {
    this.closing ??= this.end().catch((error: unknown) => {
      // It may be tried again when the target is back.
      this.closing = undefined;
      throw error;
    });
    return this.closing;
  }

  private async end(): Promise<void> {
    clearTimeout(this.resizeTimer);
    const reading = this.reading ?? this.read(() => undefined);
    // Nobody wants what comes from now on, and a shell whose output is not taken could not end.
    this.gate?.silence();
    try {
      await this.leash.hangUp();
      await settledWithin(reading, hangUpGraceMs);
      await this.leash.kill();
    } catch (error) {
      if (!isGone(error)) throw error;
    } finally {
      this.exec.stream.close();
    }
  }

  private applySize(): void {
    this.resizeTimer = undefined;
    const { size } = this;
    // One after the other, so that the newest is the last to arrive.
    if (size) this.resizing = this.resizing.then(() => this.exec.resize(size));
  }
}

async function openExec(
  { terminals, directory }: TerminalPlace,
  request: TerminalRequest,
  leash: Leash,
): Promise<TerminalExec> {
  try {
    return await terminals.openTerminal(terminalProgram(request, directory));
  } catch (error) {
    await leash.kill();
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof AppError && (error.kind === 'not_found' || error.kind === 'conflict');
}
