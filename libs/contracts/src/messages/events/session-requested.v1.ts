import { z } from 'zod';
import { defineSessionFact } from '../../define.js';
import { exampleInstant } from '../../examples.js';
import { instantSchema } from '../../vocabulary.js';

/**
 * Published by the provisioner when a session is committed. A receiver may assume a deadline exists, nothing more.
 */
export const sessionRequested = defineSessionFact({
  fact: 'requested',
  version: 1,
  payload: z.object({
    ownerId: z.string(),
    workshopId: z.string(),
    target: z.string(),
    expiresAt: instantSchema,
    expiryVersion: z.number().int(),
  }),
  example: {
    ownerId: 'alice',
    workshopId: 'linux-basics',
    target: 'local-docker',
    expiresAt: exampleInstant,
    expiryVersion: 1,
  },
});
