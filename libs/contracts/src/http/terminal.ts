import { z } from 'zod';
import { instantSchema, sessionIdSchema } from '../vocabulary.js';

/** What a terminal, and a connection to one, may take. */
export const terminalLimits = {
  openPerSession: 4,
  watchersPerTerminal: 8,
  /** Of the output that is kept for those who come back or come late. */
  keptBytes: 1024 * 1024,
  /** Sent to a connection and not yet acknowledged by its client. The owner's also stops the terminal's programs. */
  unacknowledgedBytes: 256 * 1024,
  /** The largest binary frame of a client, and the largest input of one turn. */
  inputBytes: 64 * 1024,
  columns: { default: 80, maximum: 500 },
  rows: { default: 24, maximum: 200 },
  ticketSeconds: 30,
  /** Without any input. */
  idleMinutes: 30,
} as const;

/** One connection owns the terminal: it types, and says how large the screen is. The others watch. */
export const terminalModeSchema = z.enum(['own', 'watch']);
export type TerminalMode = z.infer<typeof terminalModeSchema>;

export const terminalIdSchema = z.uuid();

export const terminalSizeSchema = z.object({
  columns: z.number().int().min(1).max(terminalLimits.columns.maximum),
  rows: z.number().int().min(1).max(terminalLimits.rows.maximum),
});
export type TerminalSize = z.infer<typeof terminalSizeSchema>;

/**
 * How a terminal ended: its shell did (`exited`), nobody typed (`idle`), somebody asked for it (`closed`), with its session
 * (`session_over`), with a stop of the service (`shutdown`), or nobody can say (`lost`).
 */
export const terminalEndSchema = z.enum(['exited', 'idle', 'closed', 'session_over', 'shutdown', 'lost']);
export type TerminalEnd = z.infer<typeof terminalEndSchema>;

export const terminalViewSchema = z.object({
  terminalId: terminalIdSchema,
  sessionId: sessionIdSchema,
  openedAt: instantSchema,
  endedAt: instantSchema.nullable(),
  end: terminalEndSchema.nullable(),
});
export type TerminalView = z.infer<typeof terminalViewSchema>;

/** Body of `POST …/{id}/terminal/tickets`. */
export const createTicketSchema = z
  .strictObject({
    mode: terminalModeSchema.default('own').describe('watch: read only, for instructors and administrators'),
    terminalId: terminalIdSchema.optional().describe('an open terminal to take over or to watch; none opens a new one'),
  })
  .refine(({ mode, terminalId }) => mode === 'own' || terminalId !== undefined, {
    path: ['terminalId'],
    message: 'says which terminal to watch',
  });
export type CreateTicket = z.infer<typeof createTicketSchema>;

export const createdTicketSchema = z.object({
  ticket: z.string().describe('taken once, as the subprotocol ticket.<ticket> of the WebSocket'),
  expiresAt: instantSchema,
});
export type CreatedTicket = z.infer<typeof createdTicketSchema>;
