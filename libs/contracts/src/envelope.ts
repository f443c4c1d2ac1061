import { z } from 'zod';
import { actorSchema, instantSchema, sessionIdSchema } from './vocabulary.js';

/** What every message carries around its payload. */
export const envelopeSchema = z.object({
  id: z.uuid(),
  type: z.string(),
  version: z.number().int().positive(),
  occurredAt: instantSchema,
  /** The user's request that everything goes back to. */
  correlationId: z.string().max(128),
  /** The message that led here; null for the first. */
  causationId: z.string().nullable(),
  sessionId: sessionIdSchema.nullable(),
  actor: actorSchema,
  /** W3C trace context, when the sender traces. */
  traceparent: z.string().optional(),
  payload: z.unknown(),
});
export type Envelope<Payload = unknown> = Omit<z.infer<typeof envelopeSchema>, 'payload'> & {
  readonly payload: Payload;
};
