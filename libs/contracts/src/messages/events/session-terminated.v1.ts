import { z } from 'zod';
import { defineSessionFact } from '../../define.js';
import { exampleInstant, exampleSessionId } from '../../examples.js';
import { endReasonSchema, instantSchema, removedObjectSchema } from '../../vocabulary.js';

/**
 * Published by the provisioner when it has removed everything it made for the session.
 */
export const sessionTerminated = defineSessionFact({
  fact: 'terminated',
  version: 1,
  payload: z.object({
    ownerId: z.string(),
    target: z.string(),
    reason: endReasonSchema,
    endedAt: instantSchema,
    removed: z.array(removedObjectSchema),
  }),
  example: {
    ownerId: 'alice',
    target: 'local-docker',
    reason: 'expired',
    endedAt: exampleInstant,
    removed: [{ kind: 'container', name: `nalabo-session-${exampleSessionId}`, at: exampleInstant }],
  },
});
