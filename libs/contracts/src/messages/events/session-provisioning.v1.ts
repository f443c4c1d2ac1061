import { z } from 'zod';
import { defineSessionFact } from '../../define.js';

/**
 * Published by the provisioner when it starts to build a session, once per attempt.
 */
export const sessionProvisioning = defineSessionFact({
  fact: 'provisioning',
  version: 1,
  payload: z.object({ attempt: z.number().int() }),
  example: { attempt: 1 },
});
