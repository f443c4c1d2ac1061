import { z } from 'zod';
import { executionViewSchema } from './views.js';
import { instantSchema } from './vocabulary.js';

/** Every frame of an execution has the next number, beginning with 0, whoever reads it and whenever. */
const seq = z.number().int().nonnegative();

/** Which stream an output frame belongs to. */
export const outputStreamSchema = z.enum(['stdout', 'stderr']);
export type OutputStream = z.infer<typeof outputStreamSchema>;

/**
 * One piece of an execution as it runs: first `started`, then the output that is kept, then `truncated` once for each
 * stream of which not everything is kept, at last `finished`. Output is base64 and is never cut inside a character.
 */
export const outputFrameSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), seq, startedAt: instantSchema }),
  z.object({ kind: z.literal('output'), seq, stream: outputStreamSchema, data: z.base64() }),
  z.object({ kind: z.literal('truncated'), seq, stream: outputStreamSchema }),
  z.object({
    kind: z.literal('finished'),
    seq,
    ...executionViewSchema.pick({
      outcome: true,
      exitCode: true,
      truncated: true,
      startFailed: true,
      durationMs: true,
      path: true,
      leftProcesses: true,
    }).shape,
  }),
]);
export type OutputFrame = z.infer<typeof outputFrameSchema>;

/** A frame carries at most this much output, and waits at most this long for more. */
export const outputFrameLimits = { bytes: 32 * 1024, milliseconds: 20 } as const;
