import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleSession, exampleSessionId } from '../../examples.js';
import { sessionViewSchema } from '../../views.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway. A foreign and a missing session are the same `not_found`.
 */
export const getSession = defineRpc({
  service: 'provisioner',
  verb: 'session.get',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema }),
  reply: sessionViewSchema,
  example: { request: { sessionId: exampleSessionId }, reply: exampleSession },
});
