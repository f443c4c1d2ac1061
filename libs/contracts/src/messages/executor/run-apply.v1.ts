import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleApplyId, exampleSessionId } from '../../examples.js';
import { applyConfigurationSchema, applyViewSchema } from '../../http/apply-configuration.js';
import { idempotencySchema } from '../../http/idempotency.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: makes a session hold what the learner's file says. The reply tells what became of each object, also
 * when some failed. `unprocessable` names every fault of the file, `conflict` means that another apply is running. The same
 * idempotency key with the same digest answers the apply that it started first, without differences, for 24 hours and unless
 * that has failed; with another digest it is `unprocessable`.
 */
export const runApply = defineRpc({
  service: 'executor',
  verb: 'apply.run',
  version: 1,
  request: z.object({
    sessionId: sessionIdSchema,
    ...applyConfigurationSchema.required().shape,
    idempotency: idempotencySchema.nullable(),
  }),
  reply: applyViewSchema,
  example: {
    request: {
      sessionId: exampleSessionId,
      configuration: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: greeting }\ndata: { text: hello }\n',
      type: 'yaml',
      dryRun: false,
      files: {},
      idempotency: null,
    },
    reply: {
      applyId: exampleApplyId,
      sessionId: exampleSessionId,
      type: 'yaml',
      dryRun: false,
      rollbackOf: null,
      objects: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'greeting', namespace: 'default', action: 'created' }],
      notes: [],
    },
  },
});
