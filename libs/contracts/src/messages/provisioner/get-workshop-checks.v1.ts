import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleCheck } from '../../examples.js';
import { checkDefinitionSchema } from '../../http/check-definition.js';

/**
 * Sent by the executor: the checks of one revision of a workshop, which never change. The reply holds their scripts and
 * goes no further.
 */
export const getWorkshopChecks = defineRpc({
  service: 'provisioner',
  verb: 'workshop.checks',
  version: 1,
  request: z.object({ workshopId: z.string(), revision: z.number().int().positive() }),
  reply: z.object({ checks: z.array(checkDefinitionSchema) }),
  example: { request: { workshopId: 'linux-basics', revision: 1 }, reply: { checks: [exampleCheck] } },
});
