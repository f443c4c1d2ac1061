import { z } from 'zod';
import { httpLimits } from './limits.js';

/** Text that can become a process argument: no NUL, no lone surrogate, and so exact in UTF-8. */
export const processTextSchema = z
  .string()
  .refine((text) => !text.includes('\0'), 'must not contain a NUL character')
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode');

const environmentNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must match [A-Za-z_][A-Za-z0-9_]{0,63}');

export const environmentSchema = z
  .record(
    environmentNameSchema,
    processTextSchema.refine(
      (value) => Buffer.byteLength(value) <= httpLimits.environmentValueBytes,
      `must be at most ${httpLimits.environmentValueBytes} bytes`,
    ),
  )
  .refine(
    (entries) => Object.keys(entries).length <= httpLimits.environmentEntries,
    `must have at most ${httpLimits.environmentEntries} entries`,
  );
