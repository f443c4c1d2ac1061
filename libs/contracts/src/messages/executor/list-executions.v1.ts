import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleExecution, exampleSessionId } from '../../examples.js';
import { executionStateSchema, executionViewSchema, pageSchema } from '../../views.js';
import { outcomeSchema, sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: the executions of one session, newest first, without their output. Of a command that takes more
 * than 1 KiB of JSON only the beginning is shown, with an ellipsis.
 */
export const listExecutions = defineRpc({
  service: 'executor',
  verb: 'execution.list',
  version: 1,
  request: z.object({
    sessionId: sessionIdSchema,
    cursor: z.string().max(128).nullable(),
    limit: z.number().int().min(1).max(200),
    state: executionStateSchema.nullable(),
    outcome: outcomeSchema.nullable(),
  }),
  reply: pageSchema(executionViewSchema.omit({ stdout: true, stderr: true })),
  example: {
    request: { sessionId: exampleSessionId, cursor: null, limit: 50, state: null, outcome: null },
    reply: { items: [exampleExecution], nextCursor: null },
  },
});
