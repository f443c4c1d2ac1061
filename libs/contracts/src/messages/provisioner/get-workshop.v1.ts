import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleWorkshop } from '../../examples.js';
import { workshopViewSchema } from '../../views.js';

/**
 * Sent by the gateway: one workshop in its newest revision.
 */
export const getWorkshop = defineRpc({
  service: 'provisioner',
  verb: 'workshop.get',
  version: 1,
  request: z.object({ workshopId: z.string() }),
  reply: workshopViewSchema,
  example: { request: { workshopId: 'linux-basics' }, reply: exampleWorkshop },
});
