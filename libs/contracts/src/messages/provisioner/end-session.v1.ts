import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleSessionId } from '../../examples.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by cleanup for a session that is due. It takes effect only while `expiryVersion` is current and the expiry has passed
 * by the database's clock; otherwise `ended` is false and nothing changes, so an extension always wins over an old deadline.
 */
export const endSession = defineRpc({
  service: 'provisioner',
  verb: 'session.end',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema, expiryVersion: z.number().int() }),
  reply: z.object({ ended: z.boolean() }),
  example: { request: { sessionId: exampleSessionId, expiryVersion: 1 }, reply: { ended: true } },
});
