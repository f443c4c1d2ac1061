import { z } from 'zod';
import { instantSchema, sessionIdSchema } from '../vocabulary.js';
import { checkIdSchema } from './check-definition.js';

/** `unknown`: nobody can say, because the script did not come to an end that could be seen, or was not begun. */
export const checkOutcomeSchema = z.enum(['passed', 'failed', 'timed_out', 'unknown']);
export type CheckOutcome = z.infer<typeof checkOutcomeSchema>;

/** One attempt at a check. It says nothing of the script, nor of what it printed. */
export const checkResultSchema = z.object({
  checkId: checkIdSchema,
  title: z.string(),
  attempt: z.number().int().positive().describe('counts the attempts at this check in the session'),
  outcome: checkOutcomeSchema,
  exitCode: z.number().int().nullable().describe('of the last try, null unless it exited'),
  tries: z.number().int().nonnegative().describe('how often the script was started'),
  durationMs: z.number().nonnegative().nullable(),
  hint: z.string().nullable().describe('only of a check that failed or timed out'),
  startedAt: instantSchema,
});
export type CheckResult = z.infer<typeof checkResultSchema>;

/** The checks that were run, in the order of the workshop. */
export const checkRunViewSchema = z.object({
  sessionId: sessionIdSchema,
  passed: z.boolean().describe('whether there was a check and all have passed'),
  results: z.array(checkResultSchema),
});
export type CheckRunView = z.infer<typeof checkRunViewSchema>;

/** One check of the session's workshop, and how the learner stands with it. */
export const checkStandingSchema = z.object({
  checkId: checkIdSchema,
  title: z.string(),
  trusted: z.boolean(),
  attempts: z.number().int().nonnegative(),
  passedAt: instantSchema.nullable().describe('when the first attempt that passed was started'),
  last: checkResultSchema.nullable().describe('the newest attempt that has ended'),
});
export type CheckStanding = z.infer<typeof checkStandingSchema>;

/**
 * What one request may take. A check begins only when it would end within the deadline even if every try took its whole
 * time; the margin is for killing tries that don't end by themselves, and for the commits.
 */
export const checkWaits = { deadlineMs: 125_000, replyMarginMs: 25_000 } as const;
