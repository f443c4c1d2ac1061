import { z } from 'zod';
import { defineSessionFact } from '../../define.js';
import { exampleExecutionId } from '../../examples.js';
import { executionIdSchema, outcomeSchema } from '../../vocabulary.js';

/**
 * Published by the executor when a command has ended, with its outcome and never with its output.
 */
export const executionFinished = defineSessionFact({
  fact: 'execution-finished',
  version: 1,
  payload: z.object({ executionId: executionIdSchema, outcome: outcomeSchema, durationMs: z.number() }),
  example: { executionId: exampleExecutionId, outcome: 'succeeded', durationMs: 46 },
});
