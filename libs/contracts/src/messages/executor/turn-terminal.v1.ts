import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleTerminalId } from '../../examples.js';
import { terminalLimits, terminalIdSchema, terminalSizeSchema } from '../../http/terminal.js';

const offset = z.number().int().nonnegative();

/**
 * Sent by the gateway to the terminal's own instance, one after the other for each attachment: input, size, and how much
 * output the client has. It is the sign of life, too. A turn that is repeated because its answer was lost keeps its number:
 * its input is taken once. `rewind` asks for the output behind `received` again. Only the owner has input and size.
 */
export const turnTerminal = defineRpc({
  service: 'executor',
  verb: 'terminal.turn',
  version: 1,
  request: z.object({
    terminalId: terminalIdSchema,
    attachmentId: z.uuid(),
    turn: z.number().int().positive(),
    input: z.base64().max(Math.ceil(terminalLimits.inputBytes / 3) * 4),
    size: terminalSizeSchema.nullable(),
    received: offset,
    rewind: z.boolean(),
  }),
  reply: z.object({
    /** Up to where output has been sent to this attachment. */
    sent: offset,
    /** How many bytes of input the next turn may carry. */
    room: z.number().int().nonnegative(),
  }),
  example: {
    request: {
      terminalId: exampleTerminalId,
      attachmentId: '5d3c7f0e-2b1a-4c8d-9e6f-7a8b9c0d1e2f',
      turn: 1,
      input: 'bHMK',
      size: null,
      received: 4096,
      rewind: false,
    },
    reply: { sent: 4096, room: 65_536 },
  },
});
