import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleExecution, exampleExecutionId, exampleSessionId } from '../../examples.js';
import { commandSchema } from '../../http/execute-command.js';
import { idempotencySchema } from '../../http/idempotency.js';
import { environmentSchema } from '../../http/text.js';
import { executionViewSchema } from '../../views.js';
import { executionIdSchema, sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway, which made the execution id. With `wait` the reply comes when the command has ended, whatever its
 * end; without, as soon as it is accepted. With `live` its output is published from the start, see `outputSubject`.
 * Standard input and output are base64. `conflict` before READY, while ending, and while the command of the same
 * idempotency key runs; `gone` after the end. The same key with the same digest answers the execution that it started
 * first, for 24 hours; with another digest it is `unprocessable`. The command in the reply is shortened as in
 * `executor.execution.get`.
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
    wait: z.boolean(),
    live: z.boolean(),
    idempotency: idempotencySchema.nullable(),
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
      wait: true,
      live: false,
      idempotency: null,
    },
    reply: exampleExecution,
  },
});
