import type { CommandIo } from '../exec.js';

/** The way of a command's output to its consumer, which can be shut. */
export class OutputGate implements CommandIo {
  private waitingSince: number | undefined = performance.now();
  private isSilent = false;
  /** One for each chunk that is being taken; a single promise for all would remember each as long as the command runs. */
  private readonly releases = new Set<() => void>();

  constructor(private readonly io: CommandIo) {}

  stdout(chunk: Uint8Array): void | Promise<void> {
    return this.pass(chunk, 'stdout');
  }

  stderr(chunk: Uint8Array): void | Promise<void> {
    return this.pass(chunk, 'stderr');
  }

  /** For how long nothing has come although the consumer was ready to take it. */
  idleMs(): number {
    return this.waitingSince === undefined ? 0 : performance.now() - this.waitingSince;
  }

  /** Drops what comes from now on, and waits no longer for the consumer to take what came before. */
  silence(): void {
    this.isSilent = true;
    for (const release of this.releases) release();
  }

  private pass(chunk: Uint8Array, stream: keyof CommandIo): void | Promise<void> {
    this.waitingSince = performance.now();
    if (this.isSilent || chunk.length === 0) return undefined;
    const taken = this.io[stream](chunk);
    return taken && this.untilTaken(taken);
  }

  private async untilTaken(taken: Promise<void>): Promise<void> {
    this.waitingSince = undefined;
    const released = Promise.withResolvers<void>();
    this.releases.add(released.resolve);
    try {
      await Promise.race([taken, released.promise]);
    } finally {
      this.releases.delete(released.resolve);
      this.waitingSince = performance.now();
    }
  }
}
