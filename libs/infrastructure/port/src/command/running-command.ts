import type { CommandIo } from '../exec.js';
import type { ExecStream } from './exec-stream.js';
import { OutputGate } from './output-gate.js';
import { StartNotice } from './start-notice.js';

/** The stream of one command: its output on the way to the consumer, and what the start notice said. */
export class RunningCommand {
  readonly notice: StartNotice;
  private readonly gate: OutputGate;

  constructor(
    private readonly stream: ExecStream,
    io: CommandIo,
    token: string,
  ) {
    this.gate = new OutputGate(io);
    this.notice = new StartNotice(token);
  }

  /** Sends the input, if any, and closes the command's standard input. */
  async feed(stdin: Uint8Array | null): Promise<void> {
    if (stdin === null) return;
    await this.stream.write(stdin);
    this.stream.endInput();
  }

  /** Hands all output on, not faster than it is taken. Rejects only with what the consumer throws. */
  async pump(): Promise<void> {
    await this.stream.read({
      stdout: (chunk) => this.gate.stdout(chunk),
      stderr: (chunk) => this.gate.stderr(this.notice.push(chunk)),
    });
    await this.gate.stderr(this.notice.flush());
  }

  /** For how long nothing has come although the consumer was ready to take it. */
  idleMs(): number {
    return this.gate.idleMs();
  }

  /** Drops what comes from now on, and waits no longer for the consumer to take what came before. */
  silence(): void {
    this.gate.silence();
  }

  /** Ends the reading. */
  abandon(): void {
    this.silence();
    this.stream.close();
  }
}
