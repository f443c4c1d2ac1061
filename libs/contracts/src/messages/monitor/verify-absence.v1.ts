import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleInstant, exampleSessionId } from '../../examples.js';
import { infrastructureObjectSchema, instantSchema, sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by cleanup after the end of a session: what the target still lists of it, by the monitor's own look.
 * `unavailable` when the target cannot be listed, because absence from a failed list proves nothing.
 */
export const verifyAbsence = defineRpc({
  service: 'monitor',
  verb: 'session.verify',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema, target: z.string() }),
  reply: z.object({ at: instantSchema, left: z.array(infrastructureObjectSchema) }),
  example: {
    request: { sessionId: exampleSessionId, target: 'local-docker' },
    reply: { at: exampleInstant, left: [] },
  },
});
