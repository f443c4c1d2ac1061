import { executionStateSchema, httpLimits, outcomeSchema, shownStateSchema } from '@nalabo/contracts';
import { z } from 'zod';

const limitSchema = z.coerce
  .number()
  .int()
  .min(1)
  .max(httpLimits.pageSize.maximum)
  .default(httpLimits.pageSize.default);

/** The query of every list. */
export const pageQuerySchema = z.strictObject({
  cursor: z.string().min(1).max(128).optional().describe('nextCursor of the page before'),
  limit: limitSchema,
});
export type PageQuery = z.output<typeof pageQuerySchema>;

export const sessionsQuerySchema = pageQuerySchema.extend({ state: shownStateSchema.optional() });
export type SessionsQuery = z.output<typeof sessionsQuerySchema>;

export const executionsQuerySchema = pageQuerySchema.extend({
  state: executionStateSchema.optional(),
  outcome: outcomeSchema.optional(),
});
export type ExecutionsQuery = z.output<typeof executionsQuerySchema>;

export const keysQuerySchema = pageQuerySchema.extend({
  cursor: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
});

export const encodingQuerySchema = z.strictObject({ encoding: z.enum(['utf8', 'base64']).default('utf8') });
export type EncodingQuery = z.output<typeof encodingQuerySchema>;

export const streamQuerySchema = encodingQuerySchema.extend({
  after: z.coerce
    .number()
    .int()
    .min(-1)
    .max(999_999_999_999_999)
    .default(-1)
    .describe('the id of the last event that is known; Last-Event-ID comes before it'),
});
export type StreamQuery = z.output<typeof streamQuerySchema>;
