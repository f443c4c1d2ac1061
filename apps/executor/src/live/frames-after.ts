import type { OutputFrame, OutputStream } from '@nalabo/contracts';
import type { OutputPiece } from './output-piece.js';

export type FinishedFrame = Extract<OutputFrame, { kind: 'finished' }>;

/** An execution as far as it has come, in memory or in its row. */
export interface FramedExecution {
  readonly startedAt: Date;
  readonly pieces: readonly OutputPiece[];
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Null while it runs. */
  readonly end: Omit<FinishedFrame, 'kind' | 'seq'> | null;
}

export interface FramePage {
  readonly frames: OutputFrame[];
  readonly more: boolean;
}

/** So many bytes of JSON in a reply: half of what a message may have. */
const pageBytes = 480 * 1024;
/**
 * What a frame takes beside its data: more with a reader who keeps the page until its client takes it than in the message.
 * A page of many small frames must leave that reader room for what comes live meanwhile.
 */
const frameOverheadBytes = 256;

/** The frames behind the given number, as many as fit into a reply; always at least one if there is one. */
export function framesAfter(execution: FramedExecution, after: number, maximumBytes = pageBytes): FramePage {
  const count = frameCount(execution);
  const frames: OutputFrame[] = [];
  let bytes = 0;
  for (let seq = after + 1; seq < count; seq += 1) {
    const frame = frameAt(execution, seq);
    bytes += frameOverheadBytes + (frame.kind === 'output' ? frame.data.length : 0);
    if (bytes > maximumBytes && frames.length > 0) return { frames, more: true };
    frames.push(frame);
  }
  return { frames, more: false };
}

/** How many frames there are by now. */
export function frameCount({ pieces, end }: FramedExecution): number {
  return 1 + pieces.length + (end ? truncatedStreams(end).length + 1 : 0);
}

function frameAt(execution: FramedExecution, seq: number): OutputFrame {
  const { startedAt, pieces, end } = execution;
  if (seq === 0) return { kind: 'started', seq, startedAt: startedAt.toISOString() };
  const piece = pieces[seq - 1];
  if (piece) {
    const data = execution[piece.stream].subarray(piece.start, piece.end).toString('base64');
    return { kind: 'output', seq, stream: piece.stream, data };
  }
  if (!end) throw new RangeError(`there is no frame ${seq} yet`);
  const stream = truncatedStreams(end)[seq - 1 - pieces.length];
  return stream ? { kind: 'truncated', seq, stream } : { kind: 'finished', seq, ...end };
}

function truncatedStreams({ truncated }: Pick<FinishedFrame, 'truncated'>): OutputStream[] {
  return (['stdout', 'stderr'] as const).filter((stream) => truncated[stream]);
}
