import type { Terminal, TerminalSize } from '@nalabo/infrastructure-port';

/** A terminal of the port whose shell is the test. */
export class ScriptedTerminal implements Terminal {
  readonly typed: string[] = [];
  readonly sizes: TerminalSize[] = [];
  closes = 0;
  /** When set, nobody reads what is typed until it is resolved. */
  unread: PromiseWithResolvers<void> | undefined;
  private readonly over = Promise.withResolvers<number | null>();
  private taken: Promise<void> = Promise.resolve();
  private hand: (chunk: Uint8Array) => void | Promise<void> = () => undefined;

  async read(take: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
    this.hand = take;
    await this.over.promise;
    await this.taken;
  }

  /** Resolves when it was taken. */
  print(chunk: Uint8Array | string): Promise<void> {
    this.taken = this.taken.then(() => this.hand(Buffer.from(chunk)));
    return this.taken;
  }

  exit(exitCode: number | null): void {
    this.over.resolve(exitCode);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.unread?.promise;
    this.typed.push(Buffer.from(bytes).toString());
  }

  resize(size: TerminalSize): void {
    this.sizes.push(size);
  }

  ended(): Promise<number | null> {
    return this.over.promise;
  }

  close(): Promise<void> {
    this.closes += 1;
    this.exit(null);
    return Promise.resolve();
  }
}
