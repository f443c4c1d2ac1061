import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleLogReaderId, exampleSessionId } from '../../examples.js';
import { serviceLogLimits } from '../../http/service-log.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway, which makes the reader's id and subscribes to its frames first, see `serviceLogFrame`: the last lines
 * of a service, and with `follow` what it writes from then on. The instance that answers takes the signs of life.
 * `not_found` when the session has no such service, `unprocessable` when it can have none, `exhausted` for too many readers.
 */
export const openLog = defineRpc({
  service: 'executor',
  verb: 'log.open',
  version: 1,
  request: z.object({
    sessionId: sessionIdSchema,
    readerId: z.uuid(),
    service: z.string().min(1).max(63),
    tail: z.number().int().min(1).max(serviceLogLimits.tail.maximum),
    follow: z.boolean(),
  }),
  reply: z.object({ instance: z.string() }),
  example: {
    request: {
      sessionId: exampleSessionId,
      readerId: exampleLogReaderId,
      service: 'web',
      tail: 100,
      follow: true,
    },
    reply: { instance: 'executor-1' },
  },
});
