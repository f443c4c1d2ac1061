import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleInstant, exampleSessionId } from '../../examples.js';
import { receiptViewSchema } from '../../views.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: the proof of removal. `conflict` while the session is alive.
 */
export const getReceipt = defineRpc({
  service: 'cleanup',
  verb: 'receipt.get',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema }),
  reply: receiptViewSchema,
  example: {
    request: { sessionId: exampleSessionId },
    reply: {
      sessionId: exampleSessionId,
      reason: 'expired',
      endedAt: exampleInstant,
      removed: [{ kind: 'container', name: `nalabo-session-${exampleSessionId}`, at: exampleInstant }],
      verified: { at: exampleInstant, left: [] },
      clean: true,
    },
  },
});
