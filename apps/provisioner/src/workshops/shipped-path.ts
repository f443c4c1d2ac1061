import { z } from 'zod';

/** Where a file lies in the folder of the workshop and, when it is brought into sessions, in the workspace. */
export const shippedPathSchema = z
  .string()
  .max(255)
  .regex(
    /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/,
    'must be the path of a file beside the workshop, without a name that begins with a dot',
  );
