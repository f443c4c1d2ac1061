import { z } from 'zod';
import { httpLimits } from './limits.js';
import { environmentSchema, processTextSchema } from './text.js';

function withinCommandLimit(command: string | readonly string[]): boolean {
  const items = typeof command === 'string' ? [command] : command;
  return items.reduce((bytes, item) => bytes + Buffer.byteLength(item), 0) <= httpLimits.commandBytes;
}

/** A string runs as `sh -c` inside the sandbox; an array runs as it is. */
export const commandSchema = z
  .union([
    processTextSchema.min(1),
    z
      .array(processTextSchema)
      .min(1)
      .max(httpLimits.commandItems)
      .refine((items) => items[0] !== '', 'must start with a program'),
  ])
  .refine(withinCommandLimit, `must be at most ${httpLimits.commandBytes} bytes in all`);
export type Command = z.infer<typeof commandSchema>;

/** Body of `POST …/{id}/execute`. */
export const executeCommandSchema = z.strictObject({
  command: commandSchema,
  timeout: z
    .number()
    .int()
    .min(httpLimits.timeoutMs.minimum)
    .max(httpLimits.timeoutMs.maximum)
    .default(httpLimits.timeoutMs.default)
    .describe('milliseconds'),
  cwd: processTextSchema.max(4096).optional(),
  env: environmentSchema.optional(),
  stdin: z
    .string()
    .refine(
      (text) => Buffer.byteLength(text) <= httpLimits.stdinBytes,
      `must be at most ${httpLimits.stdinBytes} bytes`,
    )
    .optional(),
  encoding: z.enum(['utf8', 'base64']).default('utf8').describe('of stdin, stdout and stderr'),
});
export type ExecuteCommand = z.infer<typeof executeCommandSchema>;
