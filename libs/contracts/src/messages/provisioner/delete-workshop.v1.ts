import { z } from 'zod';
import { defineRpc } from '../../define.js';

/**
 * Sent by the gateway for an administrator: from now on no session is created from the workshop. Running sessions go on, and
 * storing it again brings it back as a further revision. Twice is success.
 */
export const deleteWorkshop = defineRpc({
  service: 'provisioner',
  verb: 'workshop.delete',
  version: 1,
  request: z.object({ workshopId: z.string() }),
  reply: z.object({}),
  example: { request: { workshopId: 'linux-basics' }, reply: {} },
});
