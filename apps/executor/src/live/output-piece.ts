import type { OutputStream } from '@nalabo/contracts';

/** What one output frame carries: these bytes of what is kept of a stream. */
export interface OutputPiece {
  readonly stream: OutputStream;
  readonly start: number;
  readonly end: number;
}

/** As the row keeps them: the number of bytes of each piece in order, those of stderr negative. */
export function sizesOf(pieces: readonly OutputPiece[]): number[] {
  return pieces.map(({ stream, start, end }) => (stream === 'stdout' ? end - start : start - end));
}

export function piecesOf(sizes: readonly number[]): OutputPiece[] {
  const ends = { stdout: 0, stderr: 0 };
  return sizes.map((size) => {
    const stream = size > 0 ? 'stdout' : 'stderr';
    const start = ends[stream];
    ends[stream] += Math.abs(size);
    return { stream, start, end: ends[stream] };
  });
}
