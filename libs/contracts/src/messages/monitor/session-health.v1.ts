import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleInstant, exampleSessionId } from '../../examples.js';
import { healthViewSchema } from '../../views.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: the session and its services as observed on their target just now.
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
      services: [{ name: 'web', state: 'running', health: 'healthy', exitCode: null }],
      checkedAt: exampleInstant,
      target: { name: 'local-docker', reachable: true },
    },
  },
});
