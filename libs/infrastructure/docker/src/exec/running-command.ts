import type { Duplex } from 'node:stream';
import type { CommandIo } from '@nalabo/infrastructure-port';
import { Demultiplexer } from './demultiplexer.js';
import { StartNotice } from './start-notice.js';

/** The stream of one command: its output on the way to the consumer, and what the start notice said. */
export class RunningCommand {
  readonly notice: StartNotice;
  private readonly demultiplexer = new Demultiplexer();
  private waitingSince: number | undefined;
  private isSilent = false;
  private readonly silenced = Promise.withResolvers<void>();

  constructor(
    private readonly stream: Duplex,
    private readonly io: CommandIo,
    token: string,
  ) {
    this.notice = new StartNotice(token);
  }

  /** Sends the input, if any, and closes the command's standard input. */
  feed(stdin: Uint8Array | null): void {
    if (stdin !== null) this.stream.end(stdin);
  }

  /** Hands all output on, not faster than it is taken. Rejects when the connection breaks or the consumer throws. */
  async pump(): Promise<void> {
    const output: CommandIo = {
      stdout: (chunk) => this.pass(chunk, (bytes) => this.io.stdout(bytes)),
      stderr: (chunk) => this.pass(this.notice.push(chunk), (bytes) => this.io.stderr(bytes)),
    };
    this.waitingSince = performance.now();
    for await (const chunk of this.stream as AsyncIterable<Uint8Array>) {
      this.waitingSince = undefined;
      await this.demultiplexer.push(chunk, output);
      this.waitingSince = performance.now();
    }
    await this.pass(this.notice.flush(), (bytes) => this.io.stderr(bytes));
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
    this.stream.destroy();
  }

  private pass(chunk: Uint8Array, give: (chunk: Uint8Array) => void | Promise<void>): void | Promise<void> {
    if (this.isSilent || chunk.length === 0) return undefined;
    const taken = give(chunk);
    return taken && Promise.race([taken, this.silenced.promise]);
  }
}
