import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { executionMark } from '../command/command-request.js';
import type { ExecStream, ExecTransport } from '../command/exec-stream.js';
import { settledWithin } from '../command/settled-within.js';
import type { CommandIo } from '../exec.js';
import { LaneExchange } from './lane-exchange.js';
import { bootText } from './lane-text.js';

const bootDeadlineMs = 3000;
/** How long a shell may take to end when its input has ended. */
const closeDeadlineMs = 500;
/** What a command left behind may write without end: dropping it must not cost what reading it as fast as it comes would. */
const latePauseMs = 20;
const nobody: CommandIo = { stdout: () => undefined, stderr: () => undefined };

/** One shell inside a workbench that stays open. It does one thing at a time. */
export class Lane {
  /** Resolves when it is lost or closed. */
  readonly ended: Promise<void>;
  /** Of its shell, inside the workbench. */
  processId = '';
  isLost = false;
  private exchange: LaneExchange | undefined;

  /** @param id The shell itself carries it as a command's processes carry the id of the execution. */
  private constructor(
    readonly id: string,
    private readonly stream: ExecStream,
  ) {
    const output: CommandIo = {
      stdout: (chunk) => this.take(chunk, 'stdout'),
      stderr: (chunk) => this.take(chunk, 'stderr'),
    };
    const end = (): void => this.lose();
    this.ended = stream.read(output).then(end, end);
  }

  /**
   * Null when the workbench lacks what a lane needs, or does not answer.
   * @throws AppError as the transport does.
   */
  static async open(transport: ExecTransport): Promise<Lane | null> {
    const id = `lane-${newToken()}`;
    const environment = { [executionMark]: id };
    const request = { argv: ['/bin/sh'], environment, hasInput: true, mayLeaveProcesses: false };
    const lane = new Lane(id, await transport.open(request));
    const [processId, canRun] = (await lane.ask(bootText, bootDeadlineMs))?.split(' ') ?? [];
    if (!processId || canRun !== '1') {
      await lane.close();
      return null;
    }
    lane.processId = processId;
    return lane;
  }

  /**
   * Writes a text that ends with a marker, and hands on what comes before it.
   * @returns What stands behind the marker; null when the lane was lost.
   */
  send(text: string, token: string, io: CommandIo): Promise<string | null> {
    if (this.isLost) return Promise.resolve(null);
    this.exchange = new LaneExchange(token, io);
    void this.stream.write(Buffer.from(text));
    return this.exchange.word;
  }

  /** As `send`, for what has to be answered in time: the lane is given up when it is not. */
  async ask(text: (token: string) => string, deadlineMs: number, io = nobody): Promise<string | null> {
    const token = newToken();
    const word = this.send(text(token), token, io);
    if (!(await settledWithin(word, deadlineMs))) this.abandon();
    return word;
  }

  /** Whether its connection believes that the shell runs. */
  isRunning(): Promise<boolean> {
    return this.stream.isRunning();
  }

  /** Reads no further: whatever it still does is lost. */
  abandon(): void {
    this.lose();
    this.stream.close();
  }

  /** Lets the shell end. Whether it is known to have ended. */
  async close(): Promise<boolean> {
    this.stream.endInput();
    const hasEnded = await settledWithin(this.ended, closeDeadlineMs);
    this.abandon();
    return hasEnded;
  }

  private take(chunk: Uint8Array, stream: keyof CommandIo): void | Promise<void> {
    if (this.exchange && !this.exchange.isOver) return this.exchange[stream](chunk);
    return pause(latePauseMs);
  }

  private lose(): void {
    this.isLost = true;
    this.exchange?.lose();
  }
}

/** Random and unguessable. */
export function newToken(): string {
  return randomBytes(16).toString('hex');
}
