import { z } from 'zod';
import { defineSessionFact } from '../../define.js';
import { endReasonSchema } from '../../vocabulary.js';

/**
 * Published by the provisioner when a session must go: no command is accepted any more.
 */
export const sessionTerminating = defineSessionFact({
  fact: 'terminating',
  version: 1,
  payload: z.object({ reason: endReasonSchema }),
  example: { reason: 'expired' },
});
