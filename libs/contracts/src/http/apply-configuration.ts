import { z } from 'zod';
import { actorSchema, instantSchema, sessionIdSchema } from '../vocabulary.js';
import { httpLimits } from './limits.js';
import { processTextSchema } from './text.js';

export const configurationTypeSchema = z.enum(['yaml', 'compose', 'dockerfile']);
export type ConfigurationType = z.infer<typeof configurationTypeSchema>;

const textSchema = z.string().refine((text) => text.isWellFormed(), 'must be well-formed Unicode');

/** Where a file stands in the workspace: `html/index.html`, in one spelling only. */
const filePathSchema = z
  .string()
  .max(255)
  .regex(/^(?!\.{1,2}(\/|$))[^/\p{Cc}]+(\/(?!\.{1,2}(\/|$))[^/\p{Cc}]+)*$/u, 'must be a relative path without . and ..')
  .refine((path) => path.isWellFormed(), 'must be well-formed Unicode');

/** The files that a configuration mounts or copies. */
export const applyFilesSchema = z
  .record(filePathSchema, processTextSchema)
  .refine(
    (files) => Object.keys(files).length <= httpLimits.applyFiles,
    `must have at most ${httpLimits.applyFiles} entries`,
  );
export type ApplyFiles = z.infer<typeof applyFilesSchema>;

/** Body of `POST …/{id}/apply`. */
export const applyConfigurationSchema = z.strictObject({
  configuration: textSchema.min(1),
  type: configurationTypeSchema,
  dryRun: z.boolean().default(false).describe('answer what would happen, and change nothing'),
  files: applyFilesSchema.default({}).describe('text by path, relative to the workspace'),
});
export type ApplyConfiguration = z.infer<typeof applyConfigurationSchema>;

/** What became, or would become, of one object. */
export const appliedObjectSchema = z.object({
  apiVersion: z.string().nullable().describe('of an object of a cluster'),
  kind: z.string(),
  name: z.string(),
  namespace: z.string().nullable(),
  action: z.enum(['created', 'changed', 'unchanged', 'removed', 'failed']),
  diff: z.string().optional().describe('of a changed object, as a unified diff; absent when it would be too long'),
  message: z.string().optional().describe('of a failed object: why'),
  unrestored: z
    .literal(true)
    .optional()
    .describe('of a failed object: what was before could not be brought back yet, which is tried again'),
});
export type AppliedObject = z.infer<typeof appliedObjectSchema>;

/** Something in the file that was left out and breaks nothing. */
export const applyNoteSchema = z.object({
  path: z.string(),
  line: z.number().int().positive(),
  message: z.string(),
});
export type ApplyNote = z.infer<typeof applyNoteSchema>;

export const applyViewSchema = z.object({
  applyId: z.uuid(),
  sessionId: sessionIdSchema,
  type: configurationTypeSchema,
  dryRun: z.boolean(),
  rollbackOf: z.uuid().nullable().describe('the apply that was undone'),
  objects: z.array(appliedObjectSchema),
  notes: z.array(applyNoteSchema),
});
export type ApplyView = z.infer<typeof applyViewSchema>;

const countSchema = z.number().int().nonnegative();

/** How many objects have come to each end. */
export const actionCountsSchema = z.object({
  created: countSchema,
  changed: countSchema,
  unchanged: countSchema,
  removed: countSchema,
  failed: countSchema,
});
export type ActionCounts = z.infer<typeof actionCountsSchema>;

/** An apply in the list of its session. */
export const applySummarySchema = z.object({
  applyId: z.uuid(),
  actor: actorSchema.omit({ keyId: true }).describe('who applied'),
  startedAt: instantSchema,
  type: configurationTypeSchema,
  digest: z.string().describe('SHA-256 of the file and of the files beside it'),
  dryRun: z.boolean(),
  state: z
    .enum(['running', 'finished', 'failed', 'abandoned'])
    .describe(
      'failed: the session is as it was; abandoned: cut off in the middle, and something of it may still be there',
    ),
  counts: actionCountsSchema.nullable().describe('null when nobody knows, or nothing was begun'),
  reason: z.string().nullable().describe('of an apply that was cut off: what has become of it'),
  rollbackOf: z.uuid().nullable(),
});
export type ApplySummary = z.infer<typeof applySummarySchema>;

/** How long an apply may take, and how much longer its answer is waited for. */
export const applyWaits = { deadlineMs: 60_000, replyMarginMs: 20_000 } as const;
