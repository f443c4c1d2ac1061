import type { CommandIo } from '../exec.js';
import { MarkerReader } from './marker-reader.js';

/**
 * What a lane writes in answer to one text. Each stream has a marker, because the two are not ordered with each other:
 * the output is complete when both have come.
 */
export class LaneExchange implements CommandIo {
  private readonly readers: Readonly<Record<keyof CommandIo, MarkerReader>>;
  /** Whether nothing more belongs to it. */
  isOver = false;
  private readonly outcome = Promise.withResolvers<string | null>();

  constructor(
    token: string,
    private readonly io: CommandIo,
  ) {
    this.readers = { stdout: new MarkerReader(token), stderr: new MarkerReader(token) };
  }

  /** What the lane said behind the marker, when all output has been taken; null when the lane was lost before. */
  get word(): Promise<string | null> {
    return this.outcome.promise;
  }

  stdout(chunk: Uint8Array): void | Promise<void> {
    return this.pass(chunk, 'stdout');
  }

  stderr(chunk: Uint8Array): void | Promise<void> {
    return this.pass(chunk, 'stderr');
  }

  lose(): void {
    this.isOver = true;
    this.outcome.resolve(null);
  }

  private pass(chunk: Uint8Array, stream: keyof CommandIo): void | Promise<void> {
    const output = this.readers[stream].push(chunk);
    const taken = output.length > 0 ? this.io[stream](output) : undefined;
    if (taken) return taken.then(() => this.settle());
    this.settle();
  }

  private settle(): void {
    const { stdout, stderr } = this.readers;
    if (stdout.word === null || stderr.word === null) return;
    this.isOver = true;
    this.outcome.resolve(stdout.word);
  }
}
