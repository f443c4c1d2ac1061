import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleWorkshop } from '../../examples.js';
import { pageSchema, workshopViewSchema } from '../../views.js';

/**
 * Sent by the gateway: the catalogue, each workshop in its newest revision.
 */
export const listWorkshops = defineRpc({
  service: 'provisioner',
  verb: 'workshop.list',
  version: 1,
  request: z.object({ cursor: z.string().nullable(), limit: z.number().int().min(1).max(200) }),
  reply: pageSchema(workshopViewSchema),
  example: { request: { cursor: null, limit: 50 }, reply: { items: [exampleWorkshop], nextCursor: null } },
});
