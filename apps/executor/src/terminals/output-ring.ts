const blockBytes = 16 * 1024;

interface Block {
  readonly bytes: Buffer;
  used: number;
}

/**
 * The newest bytes of a stream, addressed by their offset in all that was ever written to it. Bytes are gathered in blocks,
 * so that a million single characters cost no more than one large piece; whole blocks are dropped from the front.
 */
export class OutputRing {
  private readonly blocks: Block[] = [];
  private first = 0;
  private next = 0;

  /** @param capacity How many bytes are kept at least, once as many have been written. */
  constructor(private readonly capacity: number) {}

  /** The offset of the oldest byte that is kept. */
  get start(): number {
    return this.first;
  }

  /** The offset that the next byte will have. */
  get end(): number {
    return this.next;
  }

  append(chunk: Uint8Array): void {
    for (let taken = 0; taken < chunk.length;) {
      const block = this.blockWithRoom();
      const piece = chunk.subarray(taken, taken + blockBytes - block.used);
      block.bytes.set(piece, block.used);
      block.used += piece.length;
      taken += piece.length;
      this.next += piece.length;
    }
    this.dropOld();
  }

  /** Up to `limit` bytes from the offset on, which must be between `start` and `end`. They are a copy. */
  read(offset: number, limit: number): Buffer {
    const pieces: Buffer[] = [];
    let at = this.first;
    let left = Math.min(limit, this.next - offset);
    for (const { bytes, used } of this.blocks) {
      const from = Math.max(0, offset - at);
      at += used;
      if (from >= used) continue;
      const piece = bytes.subarray(from, Math.min(used, from + left));
      pieces.push(piece);
      left -= piece.length;
      if (left <= 0) break;
    }
    return Buffer.concat(pieces);
  }

  private blockWithRoom(): Block {
    const last = this.blocks.at(-1);
    if (last && last.used < blockBytes) return last;
    const block = { bytes: Buffer.allocUnsafeSlow(blockBytes), used: 0 };
    this.blocks.push(block);
    return block;
  }

  private dropOld(): void {
    for (let oldest = this.blocks[0]; oldest; oldest = this.blocks[0]) {
      if (this.next - this.first - oldest.used < this.capacity) return;
      this.blocks.shift();
      this.first += oldest.used;
    }
  }
}
