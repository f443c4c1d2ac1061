import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleInstant } from '../../examples.js';
import { targetHealthSchema } from '../../views.js';

/**
 * Sent by the gateway: the last probe of every target.
 */
export const targetHealth = defineRpc({
  service: 'monitor',
  verb: 'target.health',
  version: 1,
  request: z.object({}),
  reply: z.object({ items: z.array(targetHealthSchema) }),
  example: {
    request: {},
    reply: {
      items: [{ name: 'local-docker', reachable: true, reason: null, version: '20.10.24', checkedAt: exampleInstant }],
    },
  },
});
