import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleCheckResult, exampleInstant, exampleSessionId } from '../../examples.js';
import { checkStandingSchema } from '../../http/check-views.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: every check of the session's workshop in its order, with the attempts at it. It answers for a
 * session in any state.
 */
export const listChecks = defineRpc({
  service: 'executor',
  verb: 'check.list',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema }),
  reply: z.object({ items: z.array(checkStandingSchema) }),
  example: {
    request: { sessionId: exampleSessionId },
    reply: {
      items: [
        {
          checkId: exampleCheckResult.checkId,
          title: exampleCheckResult.title,
          trusted: true,
          attempts: 1,
          passedAt: exampleInstant,
          last: exampleCheckResult,
        },
      ],
    },
  },
});
