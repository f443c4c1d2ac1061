import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleExecution, exampleExecutionId, exampleSessionId } from '../../examples.js';
import { executionViewSchema } from '../../views.js';
import { executionIdSchema, sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: ends a running command and everything it started. The reply is the execution as it then stands,
 * normally finished; one that has finished before stays as it is. Any executor answers, also for a command that runs in
 * another one.
 */
export const cancelExecution = defineRpc({
  service: 'executor',
  verb: 'execution.cancel',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema, executionId: executionIdSchema }),
  reply: executionViewSchema,
  example: {
    request: { sessionId: exampleSessionId, executionId: exampleExecutionId },
    reply: { ...exampleExecution, outcome: 'cancelled', exitCode: null },
  },
});
