import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleInstant, exampleSessionId, exampleTerminalId } from '../../examples.js';
import { terminalIdSchema, terminalViewSchema } from '../../http/terminal.js';
import { sessionIdSchema } from '../../vocabulary.js';

/** Sent by the gateway: ends a terminal and what runs in it. Any executor answers; one that has ended stays as it is. */
export const endTerminal = defineRpc({
  service: 'executor',
  verb: 'terminal.end',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema, terminalId: terminalIdSchema }),
  reply: terminalViewSchema,
  example: {
    request: { sessionId: exampleSessionId, terminalId: exampleTerminalId },
    reply: {
      terminalId: exampleTerminalId,
      sessionId: exampleSessionId,
      openedAt: exampleInstant,
      endedAt: exampleInstant,
      end: 'closed',
    },
  },
});
