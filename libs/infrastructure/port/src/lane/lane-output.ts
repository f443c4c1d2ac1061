import { OutputGate } from '../command/output-gate.js';
import { StartNotice } from '../command/start-notice.js';
import type { CommandIo } from '../exec.js';

/**
 * One command's output on its way from the lane to the consumer. The lane is read on although the consumer throws: it
 * serves others after this command.
 */
export class LaneOutput implements CommandIo {
  /** Resolves when the consumer has thrown. */
  readonly refused: Promise<void>;
  refusal: { readonly error: unknown } | null = null;

  private readonly gate: OutputGate;
  private readonly notice: StartNotice;
  private readonly refusing = Promise.withResolvers<void>();

  /** @param token Begins a complaint of our own shell. */
  constructor(io: CommandIo, token: string) {
    this.gate = new OutputGate(io);
    this.notice = new StartNotice(token, 'complaint');
    this.refused = this.refusing.promise;
  }

  /** Whether the command could not be started. */
  get startFailed(): boolean {
    return this.notice.startFailed;
  }

  stdout(chunk: Uint8Array): void | Promise<void> {
    return this.give(() => this.gate.stdout(chunk));
  }

  stderr(chunk: Uint8Array): void | Promise<void> {
    return this.give(() => this.gate.stderr(this.notice.push(chunk)));
  }

  /** Hands on what was held back. */
  async finish(): Promise<void> {
    await this.give(() => this.gate.stderr(this.notice.flush()));
  }

  /** Drops what comes from now on, and waits no longer for the consumer. */
  silence(): void {
    this.gate.silence();
  }

  private give(give: () => void | Promise<void>): void | Promise<void> {
    try {
      return give()?.catch((error: unknown) => this.refuse(error));
    } catch (error) {
      this.refuse(error);
    }
  }

  private refuse(error: unknown): void {
    this.refusal ??= { error };
    this.silence();
    this.refusing.resolve();
  }
}
