import { outputFrameLimits, type OutputStream } from '@nalabo/contracts';
import { completeLength } from './character-boundary.js';
import type { OutputPiece } from './output-piece.js';

/** What is kept of one stream so far; it only grows. `truncated` says that not everything is. */
interface KeptStream {
  readonly kept: Buffer;
  readonly truncated: boolean;
}

export type KeptOutput = Readonly<Record<OutputStream, KeptStream>>;

/**
 * Cuts the output of a command into pieces as it comes. It is cut whether or not anybody follows, because who comes later
 * must find the same pieces. When time is over is for the owner to say.
 */
export class OutputPieces {
  private readonly cut: OutputPiece[] = [];
  private readonly cutUntil = { stdout: 0, stderr: 0 };
  /** The streams with something left to cut, the one first that has waited longest. */
  private waiting: readonly OutputStream[] = [];

  constructor(
    private readonly output: KeptOutput,
    private readonly pieceBytes: number = outputFrameLimits.bytes,
  ) {}

  get all(): readonly OutputPiece[] {
    return this.cut;
  }

  /** Cuts what fills whole pieces, after the stream has grown. True when something is left for `release`. */
  grow(stream: OutputStream): boolean {
    while (this.uncut(stream).byteLength >= this.pieceBytes) this.cutPiece(stream, this.fitting(stream));
    const isLeft = completeLength(this.uncut(stream)) > 0;
    const others = this.waiting.filter((other) => other !== stream);
    if (!isLeft) this.waiting = others;
    else if (others.length === this.waiting.length) this.waiting = [...others, stream];
    return this.waiting.length > 0;
  }

  /** Cuts what has waited, but for the beginning of a character whose rest has not come. */
  release(): void {
    for (const stream of this.waiting) this.cutPiece(stream, completeLength(this.uncut(stream)));
    this.waiting = [];
  }

  /**
   * Cuts all that is left, because nothing will follow. The beginning of a character whose rest is not kept is left out:
   * the command has written it whole.
   */
  end(): void {
    this.release();
    for (const stream of ['stdout', 'stderr'] as const) {
      if (!this.output[stream].truncated) this.cutPiece(stream, this.uncut(stream).byteLength);
    }
  }

  private uncut(stream: OutputStream): Buffer {
    return this.output[stream].kept.subarray(this.cutUntil[stream]);
  }

  private fitting(stream: OutputStream): number {
    return completeLength(this.uncut(stream).subarray(0, this.pieceBytes));
  }

  private cutPiece(stream: OutputStream, length: number): void {
    if (length === 0) return;
    const start = this.cutUntil[stream];
    this.cutUntil[stream] = start + length;
    this.cut.push({ stream, start, end: start + length });
  }
}
