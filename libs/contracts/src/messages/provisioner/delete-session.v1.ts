import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleSession, exampleSessionId } from '../../examples.js';
import { sessionViewSchema } from '../../views.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway when the owner or an admin ends a session. Legal in every state; twice is success.
 */
export const deleteSession = defineRpc({
  service: 'provisioner',
  verb: 'session.delete',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema }),
  reply: sessionViewSchema,
  example: {
    request: { sessionId: exampleSessionId },
    reply: { ...exampleSession, state: 'TERMINATING', reason: 'requested' },
  },
});
