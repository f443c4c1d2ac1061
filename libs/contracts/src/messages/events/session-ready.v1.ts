import { z } from 'zod';
import { defineSessionFact } from '../../define.js';

/**
 * Published by the provisioner when the workbench answers: commands are accepted from now on.
 */
export const sessionReady = defineSessionFact({
  fact: 'ready',
  version: 1,
  payload: z.object({ provisioningMs: z.number() }),
  example: { provisioningMs: 640 },
});
