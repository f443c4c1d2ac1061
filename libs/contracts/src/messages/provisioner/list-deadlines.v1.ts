import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleInstant, exampleSessionId } from '../../examples.js';
import { pageSchema } from '../../views.js';
import {
  endReasonSchema,
  instantSchema,
  removedObjectSchema,
  sessionIdSchema,
  sessionStateSchema,
} from '../../vocabulary.js';

/**
 * Sent by cleanup at start and every minute, page by page: every session that is alive or ended during the last day.
 * It makes cleanup right again after any lost message.
 */
export const listDeadlines = defineRpc({
  service: 'provisioner',
  verb: 'session.deadlines',
  version: 1,
  request: z.object({ cursor: z.string().nullable(), limit: z.number().int().min(1).max(500) }),
  reply: pageSchema(
    z.object({
      sessionId: sessionIdSchema,
      ownerId: z.string(),
      target: z.string(),
      state: sessionStateSchema,
      expiresAt: instantSchema,
      expiryVersion: z.number().int(),
      ended: z.object({ at: instantSchema, reason: endReasonSchema, removed: z.array(removedObjectSchema) }).nullable(),
    }),
  ),
  example: {
    request: { cursor: null, limit: 100 },
    reply: {
      items: [
        {
          sessionId: exampleSessionId,
          ownerId: 'alice',
          target: 'local-docker',
          state: 'READY',
          expiresAt: exampleInstant,
          expiryVersion: 1,
          ended: null,
        },
      ],
      nextCursor: null,
    },
  },
});
