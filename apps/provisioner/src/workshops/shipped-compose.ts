import { z } from 'zod';

const mostFiles = 64;
const mostBytes = 512 * 1024;

/** Below the workspace, and below the folder of the workshop that ships it: no path leads out of either. */
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
    /** What lies beside it in the workspace: content by path. */
    files: z
      .record(shippedPathSchema, z.string())
      .refine((files) => Object.keys(files).length <= mostFiles, `must be at most ${mostFiles}`)
      .default({}),
  })
  .refine((shipped) => Buffer.byteLength(JSON.stringify(shipped)) <= mostBytes, `must take at most ${mostBytes} bytes`);
export type ShippedCompose = z.infer<typeof shippedComposeSchema>;
