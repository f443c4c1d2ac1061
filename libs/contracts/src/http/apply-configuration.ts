import { z } from 'zod';
import { sessionIdSchema } from '../vocabulary.js';

export const configurationTypeSchema = z.enum(['yaml', 'compose', 'dockerfile']);
export type ConfigurationType = z.infer<typeof configurationTypeSchema>;

/** Body of `POST …/{id}/apply`. */
export const applyConfigurationSchema = z.strictObject({
  configuration: z
    .string()
    .min(1)
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode'),
  type: configurationTypeSchema,
  dryRun: z.boolean().default(false).describe('answer what would happen, and change nothing'),
});
export type ApplyConfiguration = z.infer<typeof applyConfigurationSchema>;

/** What became, or would become, of one object. */
export const appliedObjectSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  namespace: z.string().nullable(),
  action: z.enum(['created', 'changed', 'unchanged', 'removed', 'failed']),
  diff: z.string().optional().describe('of a changed object, as a unified diff; absent when it would be too long'),
  message: z.string().optional().describe('of a failed object: why'),
});
export type AppliedObject = z.infer<typeof appliedObjectSchema>;

export const applyViewSchema = z.object({
  applyId: z.uuid(),
  sessionId: sessionIdSchema,
  type: configurationTypeSchema,
  dryRun: z.boolean(),
  objects: z.array(appliedObjectSchema),
});
export type ApplyView = z.infer<typeof applyViewSchema>;

/** How long an apply may take, and how much longer its answer is waited for. */
export const applyWaits = { deadlineMs: 60_000, replyMarginMs: 20_000 } as const;
