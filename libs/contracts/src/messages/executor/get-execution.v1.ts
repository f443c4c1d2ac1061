import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleExecution, exampleExecutionId, exampleSessionId } from '../../examples.js';
import { executionViewSchema } from '../../views.js';
import { executionIdSchema, sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: one execution with the output that was kept. Of a command that takes more than 256 KiB of JSON
 * only the beginning is shown, with an ellipsis, so that the reply fits into a message.
 */
export const getExecution = defineRpc({
  service: 'executor',
  verb: 'execution.get',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema, executionId: executionIdSchema }),
  reply: executionViewSchema,
  example: { request: { sessionId: exampleSessionId, executionId: exampleExecutionId }, reply: exampleExecution },
});
