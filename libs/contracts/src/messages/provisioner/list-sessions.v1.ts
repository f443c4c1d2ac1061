import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleSession } from '../../examples.js';
import { pageSchema, sessionViewSchema } from '../../views.js';
import { shownStateSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: the caller's own sessions, newest first; an instructor or admin sees everybody's.
 */
export const listSessions = defineRpc({
  service: 'provisioner',
  verb: 'session.list',
  version: 1,
  request: z.object({
    cursor: z.string().max(128).nullable(),
    limit: z.number().int().min(1).max(200),
    state: shownStateSchema.nullable(),
  }),
  reply: pageSchema(sessionViewSchema),
  example: { request: { cursor: null, limit: 50, state: null }, reply: { items: [exampleSession], nextCursor: null } },
});
