import { z } from 'zod';
import { defineSessionFact } from '../../define.js';

/**
 * Published by the provisioner when a workbench that died is started again. Running commands were lost.
 */
export const sessionRestarted = defineSessionFact({
  fact: 'restarted',
  version: 1,
  payload: z.object({ restarts: z.number().int(), cause: z.string() }),
  example: { restarts: 1, cause: 'the workbench exited with code 137' },
});
