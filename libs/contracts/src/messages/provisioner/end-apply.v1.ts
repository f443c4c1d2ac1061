import { z } from 'zod';
import { storedModelSchema } from '../../applied-model.js';
import { defineRpc } from '../../define.js';
import { exampleApplyId, exampleLeaseToken, exampleSessionId } from '../../examples.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the executor at the end of each apply, gives the session's row back. `applied`: the session holds the model, which
 * is committed with the release and restored from then on. `unchanged`: it holds what it held. `unsettled`: nobody can say;
 * the provisioner restores what is stored. `committed` is false when nothing was committed, because the session has to end or
 * the lease was lost: then the provisioner removes or restores what the session held before. Twice is success.
 */
export const endApply = defineRpc({
  service: 'provisioner',
  verb: 'apply.end',
  version: 1,
  request: z.object({
    sessionId: sessionIdSchema,
    applyId: z.uuid(),
    token: z.string(),
    outcome: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('applied'), model: storedModelSchema.nullable() }),
      z.object({ kind: z.literal('unchanged') }),
      z.object({ kind: z.literal('unsettled') }),
    ]),
  }),
  reply: z.object({ committed: z.boolean() }),
  example: {
    request: {
      sessionId: exampleSessionId,
      applyId: exampleApplyId,
      token: exampleLeaseToken,
      outcome: { kind: 'applied', model: null },
    },
    reply: { committed: true },
  },
});
