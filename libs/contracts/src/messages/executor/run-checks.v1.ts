import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleCheckResult, exampleSessionId } from '../../examples.js';
import { checkIdSchema, checkLimits } from '../../http/check-definition.js';
import { checkRunViewSchema } from '../../http/check-views.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: runs checks of the session's workshop one after another, all of them when none is named. The reply
 * comes when they have ended, whatever their ends. `not_found` for a check that the workshop doesn't have; refused before
 * READY, while ending and after the end as a command is.
 */
export const runChecks = defineRpc({
  service: 'executor',
  verb: 'check.run',
  version: 1,
  request: z.object({
    sessionId: sessionIdSchema,
    checkIds: z.array(checkIdSchema).min(1).max(checkLimits.perWorkshop).nullable(),
  }),
  reply: checkRunViewSchema,
  example: {
    request: { sessionId: exampleSessionId, checkIds: null },
    reply: { sessionId: exampleSessionId, passed: true, results: [exampleCheckResult] },
  },
});
