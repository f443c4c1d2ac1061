import { z } from 'zod';
import { terminalEndSchema, terminalIdSchema, terminalModeSchema, terminalSizeSchema } from './terminal.js';

/** The subprotocol of the WebSocket. Binary frames are the terminal's bytes both ways; text frames are the messages below. */
export const terminalProtocol = 'nalabo.terminal.v1';

const offset = z.number().int().nonnegative();

/** What a client says. `received` counts the output up to the byte that it has shown; without it output stops coming. */
export const terminalClientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('resize'), ...terminalSizeSchema.shape }),
  z.strictObject({ type: z.literal('received'), offset }),
]);
export type TerminalClientMessage = z.infer<typeof terminalClientMessageSchema>;

/**
 * Why a connection is closed, besides the ends of the terminal itself: another one took the terminal over, the client did
 * not keep up, the gateway restarts, its key was revoked, it was refused, or it broke the protocol.
 */
export const terminalCloseReasonSchema = z.enum([
  ...terminalEndSchema.options,
  'taken_over',
  'lagged',
  'restarting',
  'revoked',
  'refused',
  'protocol',
]);
export type TerminalCloseReason = z.infer<typeof terminalCloseReasonSchema>;

/**
 * What a client is told. `attached` comes first: output begins at `offset`, and what comes before `end` is older than the
 * connection. `gap` says that output before `offset` is no longer kept. `closed` comes last.
 */
export const terminalServerMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('attached'),
    terminalId: terminalIdSchema,
    mode: terminalModeSchema,
    /** Takes the connection up again, from the offset that the client names then. */
    token: z.string(),
    offset,
    end: offset,
    ...terminalSizeSchema.shape,
  }),
  z.object({ type: z.literal('gap'), offset }),
  z.object({ type: z.literal('resize'), ...terminalSizeSchema.shape }),
  z.object({ type: z.literal('ended'), exitCode: z.number().int().nullable() }),
  z.object({ type: z.literal('closed'), reason: terminalCloseReasonSchema, detail: z.string().nullable() }),
]);
export type TerminalServerMessage = z.infer<typeof terminalServerMessageSchema>;
