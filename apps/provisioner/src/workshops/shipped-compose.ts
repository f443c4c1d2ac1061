import { applyFilesSchema } from '@nalabo/contracts';
import { z } from 'zod';

const mostBytes = 512 * 1024;

/** Where a file lies in the folder of the workshop and, when it is shipped, in the workspace. */
export const shippedPathSchema = z
  .string()
  .max(255)
  .regex(
    /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/,
    'must be the path of a file beside the workshop, without a name that begins with a dot',
  );

/** What a workshop ships to be applied when a session of it is created. */
export const shippedComposeSchema = z
  .strictObject({
    /** Of the Compose file. */
    text: z.string().min(1),
    /** What lies beside it in the workspace: text by path. */
    files: applyFilesSchema.default({}),
  })
  .refine((shipped) => Buffer.byteLength(JSON.stringify(shipped)) <= mostBytes, `must take at most ${mostBytes} bytes`);
export type ShippedCompose = z.infer<typeof shippedComposeSchema>;
