import { z } from 'zod';
import { processTextSchema } from './text.js';

export const checkLimits = {
  perWorkshop: 32,
  titleCharacters: 200,
  hintCharacters: 1000,
  scriptBytes: 16 * 1024,
  patternCharacters: 256,
  /** Of JSON: all checks of a workshop fit into one message. */
  bytesPerWorkshop: 512 * 1024,
  timeoutSeconds: { default: 10, maximum: 60 },
  retries: { maximum: 5, intervalSeconds: { default: 1, maximum: 10 } },
  /** A shell uses the codes above for programs that could not start or were killed. */
  expectedExitCode: 125,
  /** All tries of one check and the pauses between them. */
  longestCheckSeconds: 120,
} as const;

/** How the expected output is matched: `^` and `$` at each line, and what is no proper escape is refused. */
export const checkPatternFlags = 'mu';

export const checkIdSchema = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);

/** One check of a workshop as its author wrote it. The script is for the executor alone and is never answered to a client. */
export const checkDefinitionSchema = z.strictObject({
  id: checkIdSchema,
  title: processTextSchema.min(1).max(checkLimits.titleCharacters),
  script: processTextSchema
    .min(1)
    .refine(
      (text) => Buffer.byteLength(text) <= checkLimits.scriptBytes,
      `must be at most ${checkLimits.scriptBytes} bytes`,
    ),
  expect: z
    .strictObject({
      exitCode: z.number().int().min(0).max(checkLimits.expectedExitCode).default(0),
      output: processTextSchema.min(1).max(checkLimits.patternCharacters).nullable().default(null),
    })
    .prefault({}),
  timeoutSeconds: z
    .number()
    .int()
    .min(1)
    .max(checkLimits.timeoutSeconds.maximum)
    .default(checkLimits.timeoutSeconds.default),
  retries: z
    .strictObject({
      count: z.number().int().min(0).max(checkLimits.retries.maximum).default(0),
      intervalSeconds: z
        .number()
        .int()
        .min(1)
        .max(checkLimits.retries.intervalSeconds.maximum)
        .default(checkLimits.retries.intervalSeconds.default),
    })
    .prefault({}),
  hint: processTextSchema.min(1).max(checkLimits.hintCharacters).nullable().default(null),
  trusted: z.boolean().default(true),
});
export type CheckDefinition = z.infer<typeof checkDefinitionSchema>;

/** The longest that a check may take: every try, and every pause between two. */
export function longestSecondsOf({ timeoutSeconds, retries }: CheckDefinition): number {
  return (retries.count + 1) * timeoutSeconds + retries.count * retries.intervalSeconds;
}
