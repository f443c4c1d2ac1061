const newline = 0x0a;
const firstByte = 0x01;

/**
 * Finds in stderr the line in which the shell around a program tells that it has ended, `\x01<token> <exit code>`, and
 * takes it out. Everything else passes through; nothing is held back but what may be the beginning of the notice.
 */
export class EndNotice {
  /** The program's exit code, once it has ended. */
  exitCode: number | null = null;

  private readonly mark: Buffer;
  private held = Buffer.alloc(0);

  constructor(token: string) {
    this.mark = Buffer.from(`\x01${token} `);
  }

  push(chunk: Uint8Array): Uint8Array {
    if (this.exitCode !== null) return chunk;
    const bytes = Buffer.concat([this.held, chunk]);
    const start = this.startIn(bytes);
    const end = start === -1 ? -1 : bytes.indexOf(newline, start);
    if (end === -1) {
      this.held = start === -1 ? Buffer.alloc(0) : bytes.subarray(start);
      return start === -1 ? bytes : bytes.subarray(0, start);
    }
    this.held = Buffer.alloc(0);
    this.exitCode = Number(bytes.subarray(start + this.mark.length, end).toString('latin1'));
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end + 1)]);
  }

  /** What is still held back at the end of the stream. */
  flush(): Uint8Array {
    const rest = this.held;
    this.held = Buffer.alloc(0);
    return rest;
  }

  /** Where the notice begins, or what the next bytes may still make one; -1 when nowhere. */
  private startIn(bytes: Buffer): number {
    const whole = bytes.indexOf(this.mark);
    if (whole !== -1) return whole;
    const last = bytes.lastIndexOf(firstByte);
    if (last === -1 || bytes.length - last >= this.mark.length) return -1;
    return this.mark.subarray(0, bytes.length - last).equals(bytes.subarray(last)) ? last : -1;
  }
}
