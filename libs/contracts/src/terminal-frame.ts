import { z } from 'zod';
import { terminalSizeSchema } from './http/terminal.js';
import { terminalCloseReasonSchema } from './http/terminal-protocol.js';

/**
 * One piece of what an executor tells a connection to a terminal, on the `outputSubject` of its attachment. Output is base64
 * and carries the offset of its first byte in all that the terminal ever wrote, so that a lost frame is seen.
 */
export const terminalFrameSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('output'), offset: z.number().int().nonnegative(), data: z.base64() }),
  z.object({ kind: z.literal('resize'), ...terminalSizeSchema.shape }),
  z.object({ kind: z.literal('ended'), exitCode: z.number().int().nullable() }),
  z.object({ kind: z.literal('closed'), reason: terminalCloseReasonSchema }),
]);
export type TerminalFrame = z.infer<typeof terminalFrameSchema>;

/** A frame carries at most this much output. */
export const terminalFrameBytes = 32 * 1024;

/** The gateway sends a turn at least this often; an attachment that gets none for longer than `silence` is dropped. */
export const terminalTurnMilliseconds = { atLeast: 10_000, silence: 30_000 } as const;
