import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleTerminalId } from '../../examples.js';
import { terminalIdSchema } from '../../http/terminal.js';

/** Sent by the gateway to the terminal's own instance when a connection is over. The terminal goes on; twice is success. */
export const detachTerminal = defineRpc({
  service: 'executor',
  verb: 'terminal.detach',
  version: 1,
  request: z.object({ terminalId: terminalIdSchema, attachmentId: z.uuid() }),
  reply: z.object({}),
  example: {
    request: { terminalId: exampleTerminalId, attachmentId: '5d3c7f0e-2b1a-4c8d-9e6f-7a8b9c0d1e2f' },
    reply: {},
  },
});
