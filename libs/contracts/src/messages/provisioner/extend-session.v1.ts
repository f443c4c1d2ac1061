import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleSession, exampleSessionId } from '../../examples.js';
import { durationSchema } from '../../http/create-session.js';
import { sessionViewSchema } from '../../views.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway. `conflict` when the session has expired or ended, `unprocessable` when nothing would change.
 */
export const extendSession = defineRpc({
  service: 'provisioner',
  verb: 'session.extend',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema, duration: durationSchema }),
  reply: sessionViewSchema,
  example: { request: { sessionId: exampleSessionId, duration: 60 }, reply: exampleSession },
});
