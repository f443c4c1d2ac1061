import { z } from 'zod';
import { defineSessionFact } from '../../define.js';
import { checkIdSchema } from '../../http/check-definition.js';
import { checkOutcomeSchema } from '../../http/check-views.js';

/**
 * Published by the executor when an attempt at a check has ended. An attempt whose executor died is `unknown`, without a
 * duration. Only a trusted check is out of the learner's reach.
 */
export const checkFinished = defineSessionFact({
  fact: 'check-finished',
  version: 1,
  payload: z.object({
    workshopId: z.string(),
    checkId: checkIdSchema,
    attempt: z.number().int().positive(),
    outcome: checkOutcomeSchema,
    trusted: z.boolean(),
    durationMs: z.number().nonnegative().nullable(),
  }),
  example: {
    workshopId: 'linux-basics',
    checkId: 'notes-exist',
    attempt: 1,
    outcome: 'passed',
    trusted: true,
    durationMs: 12,
  },
});
