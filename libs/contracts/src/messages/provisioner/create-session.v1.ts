import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleSession } from '../../examples.js';
import { createSessionSchema } from '../../http/create-session.js';
import { idempotencySchema } from '../../http/idempotency.js';
import { sessionViewSchema } from '../../views.js';

/**
 * Sent by the gateway for a validated create request. The reply says that the session is committed, not that it is ready.
 * The same idempotency key with the same digest answers the first session again (`replayed`); another digest is `unprocessable`.
 */
export const createSession = defineRpc({
  service: 'provisioner',
  verb: 'session.create',
  version: 1,
  request: z.object({
    session: createSessionSchema,
    idempotency: idempotencySchema.nullable(),
  }),
  reply: z.object({ session: sessionViewSchema, replayed: z.boolean() }),
  example: {
    request: { session: { workshopId: 'linux-basics' }, idempotency: null },
    reply: { session: exampleSession, replayed: false },
  },
});
