import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleSessionId, exampleTerminalId } from '../../examples.js';
import { terminalIdSchema, terminalModeSchema, terminalSizeSchema } from '../../http/terminal.js';
import { sessionIdSchema } from '../../vocabulary.js';

const offset = z.number().int().nonnegative();

/**
 * Sent by the gateway, which makes the attachment's id and subscribes to its output first: connects it to a terminal, or
 * to a new one when none is named. Any executor answers, also for a terminal of another one, and names the instance that
 * takes the turns. An owner takes over from the one before. `offset` asks for the output from there, null for all that is kept.
 */
export const attachTerminal = defineRpc({
  service: 'executor',
  verb: 'terminal.attach',
  version: 1,
  request: z.object({
    sessionId: sessionIdSchema,
    attachmentId: z.uuid(),
    mode: terminalModeSchema,
    terminalId: terminalIdSchema.nullable(),
    offset: offset.nullable(),
    size: terminalSizeSchema,
  }),
  reply: z.object({
    terminalId: terminalIdSchema,
    instance: z.string(),
    /** Of the first byte that comes: behind the one asked for when that is not kept any more. */
    offset,
    /** Of the next byte that the terminal will write. */
    end: offset,
    size: terminalSizeSchema,
  }),
  example: {
    request: {
      sessionId: exampleSessionId,
      attachmentId: '5d3c7f0e-2b1a-4c8d-9e6f-7a8b9c0d1e2f',
      mode: 'own',
      terminalId: exampleTerminalId,
      offset: 1024,
      size: { columns: 80, rows: 24 },
    },
    reply: {
      terminalId: exampleTerminalId,
      instance: 'executor-1',
      offset: 1024,
      end: 4096,
      size: { columns: 80, rows: 24 },
    },
  },
});
