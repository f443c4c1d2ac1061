import { terminalFrameBytes, terminalLimits } from '@nalabo/contracts';

/** How far a connection is in the output of its terminal. */
export interface Progress {
  /** Everything before was sent to it. */
  readonly sent: number;
  /** Everything before was acknowledged by its client. */
  readonly received: number;
}

/** What is kept of the output, by offsets. */
export interface KeptOutput {
  readonly start: number;
  readonly end: number;
}

/** What comes next for a connection: these many bytes, nothing now, or its end, because what it needs is gone. */
export type NextPiece = { readonly kind: 'send'; readonly bytes: number } | { readonly kind: 'wait' | 'lagged' };

export function nextPiece({ sent, received }: Progress, { start, end }: KeptOutput): NextPiece {
  if (sent < start) return { kind: 'lagged' };
  const window = received + terminalLimits.unacknowledgedBytes - sent;
  const bytes = Math.min(end - sent, window, terminalFrameBytes);
  return bytes > 0 ? { kind: 'send', bytes } : { kind: 'wait' };
}

/** Whether the terminal's programs have to wait for their owner. Without an owner nobody is waited for. */
export function mustPause(owner: Progress | undefined, { end }: KeptOutput): boolean {
  return owner !== undefined && end - owner.received > terminalLimits.unacknowledgedBytes;
}

/** Where output begins for a connection that has everything before the offset, or nothing (null). */
export function firstOffset(asked: number | null, { start, end }: KeptOutput): number {
  return asked === null ? start : Math.min(Math.max(asked, start), end);
}
