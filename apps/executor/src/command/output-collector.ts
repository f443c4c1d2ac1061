import { type CommandLimits, commandLimits } from './limits.js';

const firstBytes = 4096;

/** Keeps the beginning of one output stream and counts the rest, so that endless output costs constant memory. */
export class OutputCollector {
  /** Grows by doubling: a buffer for each chunk would cost much more than the output of a command that trickles. */
  private buffer = Buffer.alloc(0);
  private keptBytes = 0;
  private seenBytes = 0;

  /** @param onFlood called once, when more was read than a command may print. */
  constructor(
    private readonly onFlood: () => void,
    private readonly limits: Pick<CommandLimits, 'keptBytesPerStream' | 'drainedBytesPerStream'> = commandLimits,
  ) {}

  readonly accept = (chunk: Uint8Array): void => {
    const wasFlooded = this.isFlooded;
    this.seenBytes += chunk.byteLength;
    const room = this.limits.keptBytesPerStream - this.keptBytes;
    if (room > 0) this.keep(chunk.subarray(0, room));
    if (this.isFlooded && !wasFlooded) this.onFlood();
  };

  get truncated(): boolean {
    return this.seenBytes > this.keptBytes;
  }

  /** No copy; what it shows does not change when more comes. */
  get kept(): Buffer {
    return this.buffer.subarray(0, this.keptBytes);
  }

  private keep(bytes: Uint8Array): void {
    const needed = this.keptBytes + bytes.byteLength;
    if (needed > this.buffer.byteLength) {
      const grown = Buffer.alloc(Math.min(this.limits.keptBytesPerStream, Math.max(firstBytes, 2 * needed)));
      this.buffer.copy(grown, 0, 0, this.keptBytes);
      this.buffer = grown;
    }
    this.buffer.set(bytes, this.keptBytes);
    this.keptBytes = needed;
  }

  private get isFlooded(): boolean {
    return this.seenBytes > this.limits.drainedBytesPerStream;
  }
}
