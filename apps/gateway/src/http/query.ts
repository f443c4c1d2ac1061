import { executionStateSchema, httpLimits, outcomeSchema, serviceLogLimits, shownStateSchema } from '@nalabo/contracts';
import { z } from 'zod';
import { largestEventId } from './execution-stream/last-event-id.js';

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
    .max(largestEventId)
    .default(-1)
    .describe('the id of the last event that is known; Last-Event-ID comes before it'),
});
export type StreamQuery = z.output<typeof streamQuerySchema>;

export const serviceLogQuerySchema = z.strictObject({
  service: z.string().min(1).max(63).describe('as it is named in the file that was applied'),
  tail: z.coerce
    .number()
    .int()
    .min(1)
    .max(serviceLogLimits.tail.maximum)
    .default(serviceLogLimits.tail.default)
    .describe('how many of the last lines'),
  follow: z
    .enum(['true', 'false'])
    .default('false')
    .describe('true: goes on with what is written from now on, until the service or the session ends'),
});
export type ServiceLogQuery = z.output<typeof serviceLogQuerySchema>;
