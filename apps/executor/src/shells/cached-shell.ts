import type { CommandReport, Shell } from '@nalabo/infrastructure-port';
import { toAppError } from '@nalabo/kernel';
import { Logger } from '@nestjs/common';

/** A shell that many commands share. It is closed once it is let go and the last of them has ended. */
export class CachedShell {
  private readonly logger = new Logger('Shells');
  private readonly shell: Promise<Shell>;
  private readonly closing = Promise.withResolvers<void>();
  private running = 0;
  private isReleased = false;
  private isClosing = false;
  private usedAtMs = performance.now();

  constructor(
    readonly generation: number,
    open: () => Promise<Shell>,
  ) {
    this.shell = open();
    // Whoever uses it is told.
    this.shell.catch(() => undefined);
  }

  /** Rejects when it could not be opened. */
  async opened(): Promise<void> {
    this.usedAtMs = performance.now();
    await this.shell;
  }

  /** Resolves when it is closed. */
  get closed(): Promise<void> {
    return this.closing.promise;
  }

  async run(...command: Parameters<Shell['run']>): Promise<CommandReport> {
    this.running += 1;
    try {
      const shell = await this.shell;
      return await shell.run(...command);
    } finally {
      this.running -= 1;
      this.usedAtMs = performance.now();
      this.closeWhenFree();
    }
  }

  isIdleFor(milliseconds: number): boolean {
    return this.running === 0 && performance.now() - this.usedAtMs >= milliseconds;
  }

  /** Its owner gives it no further command. */
  release(): void {
    this.isReleased = true;
    this.closeWhenFree();
  }

  private closeWhenFree(): void {
    if (!this.isReleased || this.running > 0 || this.isClosing) return;
    this.isClosing = true;
    void this.close().finally(() => this.closing.resolve());
  }

  /** A shell that can't be closed costs its target something, and nobody here. */
  private async close(): Promise<void> {
    try {
      const shell = await this.shell.catch(() => undefined);
      await shell?.close();
    } catch (error) {
      this.logger.warn(`a shell stayed open: ${toAppError(error).message}`);
    }
  }
}
