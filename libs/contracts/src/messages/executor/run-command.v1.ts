import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleExecution, exampleExecutionId, exampleSessionId } from '../../examples.js';
import { commandSchema } from '../../http/execute-command.js';
import { environmentSchema } from '../../http/text.js';
import { executionViewSchema } from '../../views.js';
import { executionIdSchema, sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway, which made the execution id. The reply comes when the command has ended, whatever its end.
 * Standard input and output are base64. `conflict` before READY and while ending, `gone` after the end.
 * The command in the reply is shortened as in `executor.execution.get`.
 */
export const runCommand = defineRpc({
  service: 'executor',
  verb: 'command.run',
  version: 1,
  request: z.object({
    executionId: executionIdSchema,
    sessionId: sessionIdSchema,
    command: commandSchema,
    timeoutMs: z.number().int().positive(),
    cwd: z.string().nullable(),
    env: environmentSchema,
    stdin: z.base64().nullable(),
  }),
  reply: executionViewSchema,
  example: {
    request: {
      executionId: exampleExecutionId,
      sessionId: exampleSessionId,
      command: 'echo hello',
      timeoutMs: 30_000,
      cwd: null,
      env: {},
      stdin: null,
    },
    reply: exampleExecution,
  },
});
