import { z } from 'zod';
import { defineSessionFact } from '../../define.js';
import { exampleApplyId } from '../../examples.js';
import { actionCountsSchema, configurationTypeSchema } from '../../http/apply-configuration.js';

/**
 * Published by the executor when a configuration was applied, with the SHA-256 of the file and never with its content.
 * The envelope says who did it. The counts are those of the plan when its executor died before it could tell.
 */
export const sessionApplied = defineSessionFact({
  fact: 'applied',
  version: 1,
  payload: z.object({
    applyId: z.uuid(),
    type: configurationTypeSchema,
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    counts: actionCountsSchema,
  }),
  example: {
    applyId: exampleApplyId,
    type: 'yaml',
    digest: 'a'.repeat(64),
    counts: { created: 1, changed: 0, unchanged: 0, removed: 0, failed: 0 },
  },
});
