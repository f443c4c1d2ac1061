const firstByte = 0x01;
const semicolon = 0x3b;
/** What stands behind a marker is a few numbers. */
const longestWord = 64;

/** The bytes that end one command's output on a stream: nobody who does not know the token can write them. */
export function markerBytes(token: string): Buffer {
  return Buffer.from(`\x01${token}`);
}

/**
 * Finds the end of one command's output in a stream that goes on: `\x01<token><word>;`. Everything before it is output
 * and passes through; nothing is held back but what may be the beginning of the marker.
 */
export class MarkerReader {
  /** What the lane said behind the marker, once all of it has come. */
  word: string | null = null;

  private readonly marker: Buffer;
  private held: Buffer = Buffer.alloc(0);
  private isFound = false;

  constructor(token: string) {
    this.marker = markerBytes(token);
  }

  /** What of the chunk is output. Whatever comes behind the end belongs to nobody. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.word !== null) return new Uint8Array();
    const bytes =
      this.held.length > 0
        ? Buffer.concat([this.held, chunk])
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    if (this.isFound) return this.readWord(bytes);
    const start = bytes.indexOf(this.marker);
    if (start !== -1) {
      this.isFound = true;
      this.readWord(bytes.subarray(start + this.marker.length));
      return bytes.subarray(0, start);
    }
    const end = this.possibleStart(bytes);
    this.held = Buffer.from(bytes.subarray(end));
    return bytes.subarray(0, end);
  }

  private readWord(bytes: Buffer): Uint8Array {
    const end = bytes.indexOf(semicolon);
    if (end !== -1 || bytes.length > longestWord) this.word = bytes.subarray(0, Math.max(0, end)).toString('latin1');
    this.held = Buffer.from(bytes);
    return new Uint8Array();
  }

  /** Where something begins that the next bytes may still make the marker; the marker has only one such byte. */
  private possibleStart(bytes: Buffer): number {
    const last = bytes.lastIndexOf(firstByte);
    if (last === -1 || bytes.length - last >= this.marker.length) return bytes.length;
    return this.marker.subarray(0, bytes.length - last).equals(bytes.subarray(last)) ? last : bytes.length;
  }
}
