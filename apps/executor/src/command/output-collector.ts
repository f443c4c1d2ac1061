import { type CommandLimits, commandLimits } from './limits.js';

/** Keeps the beginning of one output stream and counts the rest, so that endless output costs constant memory. */
export class OutputCollector {
  private readonly chunks: Uint8Array[] = [];
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
    if (room > 0) {
      // A copy, because a short view of a large read buffer would keep the whole buffer alive.
      const kept = Uint8Array.prototype.slice.call(chunk, 0, room);
      this.chunks.push(kept);
      this.keptBytes += kept.byteLength;
    }
    if (this.isFlooded && !wasFlooded) this.onFlood();
  };

  get truncated(): boolean {
    return this.seenBytes > this.keptBytes;
  }

  get kept(): Buffer {
    return Buffer.concat(this.chunks);
  }

  private get isFlooded(): boolean {
    return this.seenBytes > this.limits.drainedBytesPerStream;
  }
}
