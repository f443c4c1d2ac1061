import { errorKinds, type ErrorKind } from '@nalabo/kernel';
import { z } from 'zod';

/** RFC 9457 problem details, with the error's `kind` for programs. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  kind: z.string(),
  code: z
    .string()
    .optional()
    .describe('what a program can tell apart within a kind: policy_violation, feature_unavailable'),
  correlationId: z.string(),
  violations: z
    .array(
      z.object({
        field: z.string(),
        message: z.string(),
        path: z.string().optional().describe('of a fault in a file: where it stands there'),
        document: z.number().int().optional(),
        line: z.number().int().optional(),
        rule: z.string().optional().describe('of docs/apply-policy.md'),
        hint: z.string().optional(),
      }),
    )
    .optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** The one mapping from error kinds to HTTP; 413 and 415 belong to the edge alone. */
export const httpStatusByKind: Readonly<Record<ErrorKind, number>> = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  unprocessable: 422,
  exhausted: 429,
  unavailable: 503,
  timeout: 504,
  cancelled: 499,
  internal: 500,
};

/** An error on its way from one service to another, without its stack. */
export const errorReplySchema = z.object({
  kind: z.enum(errorKinds),
  message: z.string(),
  publicMessage: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type ErrorReply = z.infer<typeof errorReplySchema>;
