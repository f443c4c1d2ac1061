import { z } from 'zod';

/**
 * Why no more of a log comes: it was read to its end, or its service has ended (`complete`), its session is ending
 * (`session_over`), the executor stops (`shutdown`), or the infrastructure broke off (`lost`).
 */
export const serviceLogEndSchema = z.enum(['complete', 'session_over', 'shutdown', 'lost']);
export type ServiceLogEnd = z.infer<typeof serviceLogEndSchema>;

const offset = z.number().int().nonnegative();

/**
 * One piece of the log of a service, on the `outputSubject` of its reader. Output is base64, may be cut inside a character,
 * and carries the offset of its first byte in all that this reader gets, so that a lost frame is seen.
 */
export const serviceLogFrameSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('output'), offset, data: z.base64() }),
  z.object({ kind: z.literal('ended'), offset, end: serviceLogEndSchema }),
]);
export type ServiceLogFrame = z.infer<typeof serviceLogFrameSchema>;

/** A frame carries at most this much of a log. */
export const serviceLogFrameBytes = 32 * 1024;

/** The gateway gives a sign of life at least this often; a reader that gives none for longer than `silence` is dropped. */
export const serviceLogMilliseconds = { atLeast: 5_000, silence: 15_000 } as const;
