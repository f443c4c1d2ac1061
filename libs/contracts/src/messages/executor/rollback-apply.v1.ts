import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleApplyId, exampleRollbackId, exampleSessionId } from '../../examples.js';
import { applyViewSchema } from '../../http/apply-configuration.js';
import { idempotencySchema } from '../../http/idempotency.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: makes a session hold what it held before one of its applies, as an apply of its own that answers like
 * one. `conflict` when that apply has changed nothing or another one is running, `not_found` when it is not, or no longer,
 * known.
 */
export const rollbackApply = defineRpc({
  service: 'executor',
  verb: 'apply.rollback',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema, applyId: z.uuid(), idempotency: idempotencySchema.nullable() }),
  reply: applyViewSchema,
  example: {
    request: { sessionId: exampleSessionId, applyId: exampleApplyId, idempotency: null },
    reply: {
      applyId: exampleRollbackId,
      sessionId: exampleSessionId,
      type: 'compose',
      dryRun: false,
      rollbackOf: exampleApplyId,
      objects: [{ apiVersion: null, kind: 'service', name: 'web', namespace: null, action: 'removed' }],
      notes: [],
    },
  },
});
