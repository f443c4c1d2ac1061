import type { TerminalFrame, TerminalMode } from '@nalabo/contracts';
import { nextPiece } from './flow-control.js';
import type { OutputRing } from './output-ring.js';

/** Sends one frame to a connection; false, and nothing is sent, while the message bus is away. */
export type SendFrame = (frame: TerminalFrame) => boolean;

export interface AttachmentStart {
  readonly mode: TerminalMode;
  /** Output begins here. */
  readonly offset: number;
  /** In milliseconds, as all times here. */
  readonly now: number;
}

/** One connection to a terminal: how far it is, and when it was last heard of. */
export class Attachment {
  readonly mode: TerminalMode;
  lastSeen: number;
  /** The number of the last turn whose input was taken. */
  lastTurn = 0;
  sent: number;
  received: number;

  constructor(
    start: AttachmentStart,
    private readonly send: SendFrame,
  ) {
    this.mode = start.mode;
    this.sent = start.offset;
    this.received = start.offset;
    this.lastSeen = start.now;
  }

  tell(frame: TerminalFrame): void {
    this.send(frame);
  }

  acknowledge(received: number): void {
    // A client can't have what was never sent, and time doesn't go back.
    this.received = Math.max(this.received, Math.min(received, this.sent));
  }

  rewind(): void {
    this.sent = this.received;
  }

  /** Sends what may be sent now. False when what comes next is no longer kept. */
  pump(ring: OutputRing): boolean {
    for (;;) {
      const next = nextPiece(this, ring);
      if (next.kind !== 'send') return next.kind === 'wait';
      const data = ring.read(this.sent, next.bytes).toString('base64');
      if (!this.send({ kind: 'output', offset: this.sent, data })) return true;
      this.sent += next.bytes;
    }
  }
}
