import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleApplyId, exampleInstant, exampleSessionId } from '../../examples.js';
import { applySummarySchema } from '../../http/apply-configuration.js';
import { pageSchema } from '../../views.js';
import { sessionIdSchema } from '../../vocabulary.js';

/** Sent by the gateway: what was applied in one session, newest first, dry runs and what has failed as well. */
export const listApplies = defineRpc({
  service: 'executor',
  verb: 'apply.list',
  version: 1,
  request: z.object({
    sessionId: sessionIdSchema,
    cursor: z.string().max(128).nullable(),
    limit: z.number().int().min(1).max(200),
  }),
  reply: pageSchema(applySummarySchema),
  example: {
    request: { sessionId: exampleSessionId, cursor: null, limit: 50 },
    reply: {
      items: [
        {
          applyId: exampleApplyId,
          actor: { ownerId: 'alice', role: 'learner' },
          startedAt: exampleInstant,
          type: 'compose',
          digest: 'a'.repeat(64),
          dryRun: false,
          state: 'finished',
          counts: { created: 2, changed: 0, unchanged: 0, removed: 0, failed: 0 },
          reason: null,
          rollbackOf: null,
        },
      ],
      nextCursor: null,
    },
  },
});
