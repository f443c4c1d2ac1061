/** The part of the library that is used: it comes without types of its own. */
declare module 'tar-stream' {
  interface Header {
    readonly name: string;
    readonly mode: number;
    readonly mtime: Date;
  }
  interface Pack extends AsyncIterable<Buffer> {
    entry(header: Header, content: string): void;
    finalize(): void;
  }
  export function pack(): Pack;
}
