import type { CommandReport, Shell } from '@nalabo/infrastructure-port';
import { toAppError } from '@nalabo/kernel';
import { Logger } from '@nestjs/common';

type RunArguments = Parameters<Shell['run']>;

/** A shell that many commands share. It is closed once it is let go and the last of them has ended. */
export class CachedShell {
  private readonly logger = new Logger('Shells');
  private readonly shell: Promise<Shell>;
  private readonly closed = Promise.withResolvers<void>();
  private running = 0;
  private isReleased = false;
  private isClosing = false;

  constructor(
    readonly generation: number,
    open: () => Promise<Shell>,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {
    this.usedAt = this.monotonicMs();
    this.shell = open();
    // Whoever uses it is told, and opens another one.
    this.shell.catch(() => undefined);
  }

  private usedAt: number;

  /** Rejects when it could not be opened. */
  async opened(): Promise<void> {
    this.usedAt = this.monotonicMs();
    await this.shell;
  }

  async run(...command: RunArguments): Promise<CommandReport> {
    this.running += 1;
    try {
      const shell = await this.shell;
      return await shell.run(...command);
    } finally {
      this.running -= 1;
      this.usedAt = this.monotonicMs();
      this.closeWhenFree();
    }
  }

  isIdleFor(milliseconds: number): boolean {
    return this.running === 0 && this.monotonicMs() - this.usedAt >= milliseconds;
  }

  /** Takes no new command, by the promise of its owner. Resolves when the shell is closed. */
  release(): Promise<void> {
    this.isReleased = true;
    this.closeWhenFree();
    return this.closed.promise;
  }

  private closeWhenFree(): void {
    if (!this.isReleased || this.running > 0 || this.isClosing) return;
    this.isClosing = true;
    void this.close().finally(() => this.closed.resolve());
  }

  /** A shell that can't be closed costs its target something, and nobody here. */
  private async close(): Promise<void> {
    const shell = await this.shell.catch(() => undefined);
    await shell
      ?.close()
      .catch((error: unknown) => this.logger.warn(`a shell stayed open: ${toAppError(error).message}`));
  }
}
