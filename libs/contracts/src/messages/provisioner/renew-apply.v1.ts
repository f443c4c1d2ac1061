import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleLeaseToken, exampleSessionId } from '../../examples.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the executor every third of `leaseSeconds` while it applies. `held` is false when the session has to end or the
 * lease was lost: then nothing more may be changed, and `provisioner.apply.end` gives the row back.
 */
export const renewApply = defineRpc({
  service: 'provisioner',
  verb: 'apply.renew',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema, token: z.string() }),
  reply: z.object({ held: z.boolean() }),
  example: { request: { sessionId: exampleSessionId, token: exampleLeaseToken }, reply: { held: true } },
});
