import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleWorkshop, exampleWorkshopContent } from '../../examples.js';
import { workshopContentSchema } from '../../http/workshop-content.js';
import { workshopViewSchema } from '../../views.js';

/**
 * Sent by the gateway for an administrator: stores a workshop as a new revision, unless its newest one is the same. What it
 * brings keeps to the rules of files that learners apply, or the reply is `unprocessable` with every rule that is broken.
 */
export const putWorkshop = defineRpc({
  service: 'provisioner',
  verb: 'workshop.put',
  version: 1,
  request: z.object({ workshop: workshopContentSchema }),
  reply: z.object({ workshop: workshopViewSchema, created: z.boolean() }),
  example: { request: { workshop: exampleWorkshopContent }, reply: { workshop: exampleWorkshop, created: true } },
});
