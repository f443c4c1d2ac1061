import { z } from 'zod';
import { storedModelSchema } from '../../applied-model.js';
import { defineRpc } from '../../define.js';
import { exampleApplyId, exampleLeaseToken, exampleSessionId } from '../../examples.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the executor before it changes what a session holds: takes the session's row from the provisioner's own work for
 * `leaseSeconds`, see `provisioner.apply.renew`. The reply tells what is applied now, by which apply, and which images a file
 * of this session may name; `initial` are the manifests that its workshop has brought, before any apply. `conflict` when
 * another apply or the provisioner itself works on the session, or the session is not READY; `gone` after its end.
 */
export const beginApply = defineRpc({
  service: 'provisioner',
  verb: 'apply.begin',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema, applyId: z.uuid() }),
  reply: z.object({
    token: z.string(),
    leaseSeconds: z.number().int().positive(),
    current: storedModelSchema.nullable(),
    appliedBy: z.uuid().nullable(),
    initial: storedModelSchema.nullable(),
    images: z.array(z.string()),
  }),
  example: {
    request: { sessionId: exampleSessionId, applyId: exampleApplyId },
    reply: {
      token: exampleLeaseToken,
      leaseSeconds: 15,
      current: null,
      appliedBy: null,
      initial: null,
      images: ['nginx:alpine'],
    },
  },
});
