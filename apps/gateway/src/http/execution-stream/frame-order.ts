import type { OutputFrame } from '@nalabo/contracts';

/** How far one reader of an execution has come. */
export interface FrameOrder {
  /** The number of the last frame in order; -1 before the first one. */
  readonly last: number;
  /** Frames that came before their turn, by number: what lies between is missing. */
  readonly early: ReadonlyMap<number, OutputFrame>;
  /** Nothing comes behind `finished`. */
  readonly isFinished: boolean;
}

export interface OrderedFrames {
  readonly order: FrameOrder;
  /** The frames whose turn it is now, in order. */
  readonly due: readonly OutputFrame[];
}

export function orderAfter(last: number): FrameOrder {
  return { last, early: new Map(), isFinished: false };
}

/** Takes a frame that came live or was asked for, in whatever order and however often; each becomes due exactly once. */
export function putInOrder(order: FrameOrder, frame: OutputFrame): OrderedFrames {
  if (order.isFinished || frame.seq <= order.last) return { order, due: [] };
  const early = new Map(order.early).set(frame.seq, frame);
  const due: OutputFrame[] = [];
  let last = order.last;
  for (let next = early.get(last + 1); next; next = early.get(last + 1)) {
    due.push(next);
    last = next.seq;
    early.delete(last);
    if (next.kind === 'finished') return { order: { last, early: new Map(), isFinished: true }, due };
  }
  return { order: { last, early, isFinished: false }, due };
}
