import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleSessionId, exampleUsage } from '../../examples.js';
import { metricsViewSchema } from '../../views.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: what the session uses now and used before, against its limits.
 */
export const sessionMetrics = defineRpc({
  service: 'monitor',
  verb: 'session.metrics',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema }),
  reply: metricsViewSchema,
  example: {
    request: { sessionId: exampleSessionId },
    reply: {
      sessionId: exampleSessionId,
      limits: { cpuMillicores: 1000, memoryBytes: 2 ** 31, storageBytes: 10 * 2 ** 30 },
      current: exampleUsage,
      unavailableReason: null,
      history: [exampleUsage],
    },
  },
});
