import { z } from 'zod';
import { defineSessionFact } from '../../define.js';
import { exampleInstant } from '../../examples.js';
import { instantSchema } from '../../vocabulary.js';

/**
 * Published by cleanup when the monitor found nothing left of an ended session.
 */
export const sessionVerified = defineSessionFact({
  fact: 'verified',
  version: 1,
  payload: z.object({ at: instantSchema }),
  example: { at: exampleInstant },
});
