import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleInstant, exampleSessionId, exampleTerminalId } from '../../examples.js';
import { terminalViewSchema } from '../../http/terminal.js';
import { sessionIdSchema } from '../../vocabulary.js';

/** Sent by the gateway: the open terminals of a session, oldest first. It asks the same before it gives a ticket. */
export const listTerminals = defineRpc({
  service: 'executor',
  verb: 'terminal.list',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema }),
  reply: z.object({ items: z.array(terminalViewSchema) }),
  example: {
    request: { sessionId: exampleSessionId },
    reply: {
      items: [
        {
          terminalId: exampleTerminalId,
          sessionId: exampleSessionId,
          openedAt: exampleInstant,
          endedAt: null,
          end: null,
        },
      ],
    },
  },
});
