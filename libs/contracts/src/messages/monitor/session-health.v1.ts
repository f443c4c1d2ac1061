import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleInstant, exampleSessionId } from '../../examples.js';
import { healthViewSchema } from '../../views.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: the session as observed on its target just now.
 */
export const sessionHealth = defineRpc({
  service: 'monitor',
  verb: 'session.health',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema }),
  reply: healthViewSchema,
  example: {
    request: { sessionId: exampleSessionId },
    reply: {
      sessionId: exampleSessionId,
      status: 'healthy',
      reason: null,
      checkedAt: exampleInstant,
      target: { name: 'local-docker', reachable: true },
    },
  },
});
