import type { CommandIo } from '../exec.js';
import type { ExecStream } from './exec-stream.js';
import { StartNotice } from './start-notice.js';

/** The stream of one command: its output on the way to the consumer, and what the start notice said. */
export class RunningCommand {
  readonly notice: StartNotice;
  private waitingSince: number | undefined = performance.now();
  private isSilent = false;
  private readonly silenced = Promise.withResolvers<void>();

  constructor(
    private readonly stream: ExecStream,
    private readonly io: CommandIo,
    token: string,
  ) {
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
    const stderr = (bytes: Uint8Array): void | Promise<void> => this.io.stderr(bytes);
    await this.stream.read({
      stdout: (chunk) => this.pass(chunk, (bytes) => this.io.stdout(bytes)),
      stderr: (chunk) => this.pass(this.notice.push(chunk), stderr),
    });
    await this.pass(this.notice.flush(), stderr);
  }

  /** For how long nothing has come although the consumer was ready to take it. */
  idleMs(): number {
    return this.waitingSince === undefined ? 0 : performance.now() - this.waitingSince;
  }

  /** Drops what comes from now on, and waits no longer for the consumer to take what came before. */
  silence(): void {
    this.isSilent = true;
    this.silenced.resolve();
  }

  /** Ends the reading. */
  abandon(): void {
    this.silence();
    this.stream.close();
  }

  private pass(chunk: Uint8Array, give: (chunk: Uint8Array) => void | Promise<void>): void | Promise<void> {
    this.waitingSince = performance.now();
    if (this.isSilent || chunk.length === 0) return undefined;
    const taken = give(chunk);
    return taken && this.untilTaken(taken);
  }

  private async untilTaken(taken: Promise<void>): Promise<void> {
    this.waitingSince = undefined;
    await Promise.race([taken, this.silenced.promise]);
    this.waitingSince = performance.now();
  }
}
