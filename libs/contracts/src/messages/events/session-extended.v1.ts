import { z } from 'zod';
import { defineSessionFact } from '../../define.js';
import { exampleInstant } from '../../examples.js';
import { instantSchema } from '../../vocabulary.js';

/**
 * Published by the provisioner when a session lives longer. Only the highest expiry version counts.
 */
export const sessionExtended = defineSessionFact({
  fact: 'extended',
  version: 1,
  payload: z.object({ expiresAt: instantSchema, expiryVersion: z.number().int() }),
  example: { expiresAt: exampleInstant, expiryVersion: 2 },
});
