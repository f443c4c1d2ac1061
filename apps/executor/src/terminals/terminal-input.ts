import { terminalLimits } from '@nalabo/contracts';

/**
 * What was typed and is not yet taken by the terminal, in order. It is bounded by telling the sender how much room is left:
 * a program that does not read must not hold up the acknowledgements of its output, or both sides would wait for ever.
 */
export class TerminalInput {
  private waiting = 0;
  private written: Promise<void> = Promise.resolve();

  constructor(private readonly write: (bytes: Uint8Array) => Promise<void>) {}

  /** How many bytes may come next. */
  get room(): number {
    return terminalLimits.inputBytes - this.waiting;
  }

  /** False, and nothing is taken, when it does not fit. */
  take(bytes: Uint8Array): boolean {
    if (bytes.length > this.room) return false;
    this.waiting += bytes.length;
    this.written = this.written.then(async () => {
      await this.write(bytes);
      this.waiting -= bytes.length;
    });
    return true;
  }
}
