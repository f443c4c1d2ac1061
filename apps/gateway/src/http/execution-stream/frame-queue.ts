import type { OutputFrame } from '@nalabo/contracts';
import { type FrameOrder, orderAfter, putInOrder } from './frame-order.js';

/** What a frame takes besides its output. */
const bytesPerFrame = 256;

function bytesOf(frame: OutputFrame): number {
  return bytesPerFrame + (frame.kind === 'output' ? frame.data.length : 0);
}

/**
 * The frames that one client has not taken yet. Live frames come as fast as the command writes, so when more than the
 * limit waits everything is dropped: the client is told how far it came and asks for the rest at its own pace.
 */
export class FrameQueue {
  private order: FrameOrder;
  private waiting: OutputFrame[] = [];
  private bytes = 0;
  private overfull = false;
  private takenLast: number;

  constructor(
    after: number,
    private readonly limitBytes: number,
  ) {
    this.order = orderAfter(after);
    this.takenLast = after;
  }

  /** The number of the last frame that was taken. */
  get taken(): number {
    return this.takenLast;
  }

  /** The number of the last frame that came in order. */
  get last(): number {
    return this.order.last;
  }

  /** Frames between those that came are missing. */
  get hasGap(): boolean {
    return this.order.early.size > 0;
  }

  get isOverfull(): boolean {
    return this.overfull;
  }

  addLive(frame: OutputFrame): void {
    if (this.overfull) return;
    this.add(frame);
    if (this.bytes <= this.limitBytes) return;
    this.overfull = true;
    this.waiting = [];
    this.order = orderAfter(this.takenLast);
  }

  /** One answer at a time is asked for and fits into a message, so it may go over the limit. */
  addAsked(frames: readonly OutputFrame[]): void {
    for (const frame of frames) this.add(frame);
  }

  take(): OutputFrame | undefined {
    const frame = this.waiting.shift();
    if (!frame) return undefined;
    this.bytes -= bytesOf(frame);
    this.takenLast = frame.seq;
    return frame;
  }

  private add(frame: OutputFrame): void {
    const isKnown = frame.seq <= this.order.last || this.order.early.has(frame.seq) || this.order.isFinished;
    if (isKnown) return;
    const { order, due } = putInOrder(this.order, frame);
    this.order = order;
    this.waiting.push(...due);
    this.bytes += bytesOf(frame);
  }
}
