import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleExecutionId, exampleInstant, exampleSessionId } from '../../examples.js';
import { outputFrameSchema } from '../../output-frame.js';
import { executionIdSchema, sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: the frames behind `after` (-1 for all), as many as fit into a message; `more` says that there are
 * further ones already. From then on the frames of a running execution are published, see `outputSubject`. Frames may come
 * both ways: their numbers tell. Any executor answers, also for a command that runs in another one.
 */
export const joinExecution = defineRpc({
  service: 'executor',
  verb: 'execution.join',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema, executionId: executionIdSchema, after: z.number().int().min(-1) }),
  reply: z.object({ frames: z.array(outputFrameSchema), more: z.boolean() }),
  example: {
    request: { sessionId: exampleSessionId, executionId: exampleExecutionId, after: -1 },
    reply: {
      frames: [
        { kind: 'started', seq: 0, startedAt: exampleInstant },
        { kind: 'output', seq: 1, stream: 'stdout', data: 'aGVsbG8K' },
      ],
      more: false,
    },
  },
});
