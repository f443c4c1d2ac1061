import { z } from 'zod';
import { defineSessionFact } from '../../define.js';
import { exampleInstant, exampleSessionId } from '../../examples.js';
import { infrastructureObjectSchema, instantSchema } from '../../vocabulary.js';

/**
 * Published by cleanup when something of an ended session is still there after it should be gone.
 */
export const sessionLeaked = defineSessionFact({
  fact: 'leaked',
  version: 1,
  payload: z.object({ at: instantSchema, left: z.array(infrastructureObjectSchema) }),
  example: { at: exampleInstant, left: [{ kind: 'volume', name: `nalabo-session-${exampleSessionId}-f0` }] },
});
