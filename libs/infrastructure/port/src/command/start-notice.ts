const newline = 0x0a;
const longestNumber = 12;

type Expectation = 'notice' | 'complaint' | 'nothing';

/**
 * Reads what our own shell writes at the beginning of stderr (see `commandRequest`): first `<token> <process group>`,
 * and then a complaint that begins with the token when the command could not be started. Everything else is the
 * command's own and passes through.
 */
export class StartNotice {
  /** The command's process group, once known. */
  processGroup: number | null = null;
  /** Whether the shell complained instead of becoming the command. */
  startFailed = false;

  private readonly mark: Buffer;
  private held = Buffer.alloc(0);

  /** @param expecting `complaint` when the process group is told in no notice. */
  constructor(
    token: string,
    private expecting: Expectation = 'notice',
  ) {
    this.mark = Buffer.from(token);
  }

  /** What of the chunk belongs to the command; nothing while more bytes are needed to tell. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.expecting === 'nothing') return chunk;
    this.held = Buffer.concat([this.held, chunk]);
    if (this.expecting === 'notice') this.expecting = this.readNotice();
    if (this.expecting === 'complaint') this.expecting = this.readComplaint();
    return this.expecting === 'nothing' ? this.flush() : new Uint8Array();
  }

  /** What is still held back at the end of the stream. */
  flush(): Uint8Array {
    const rest = this.held;
    this.held = Buffer.alloc(0);
    this.expecting = 'nothing';
    return rest;
  }

  private readNotice(): Expectation {
    const end = this.held.indexOf(newline);
    if (end === -1 && this.held.length <= this.mark.length + longestNumber) return 'notice';
    const [token, number = ''] = this.held.subarray(0, Math.max(0, end)).toString('latin1').split(' ');
    // Anything else was not written by our shell, which therefore did not run: these are the infrastructure's own words.
    if (token !== this.mark.toString('latin1') || !/^\d+$/.test(number)) return 'nothing';
    this.processGroup = Number(number);
    this.held = this.held.subarray(end + 1);
    return 'complaint';
  }

  private readComplaint(): Expectation {
    const compared = Math.min(this.held.length, this.mark.length);
    const isPossible = this.held.subarray(0, compared).equals(this.mark.subarray(0, compared));
    if (!isPossible) return 'nothing';
    if (this.held.length < this.mark.length) return 'complaint';
    this.startFailed = true;
    this.held = Buffer.concat([Buffer.from('sh'), this.held.subarray(this.mark.length)]);
    return 'nothing';
  }
}
