import { z } from 'zod';

/** The `Idempotency-Key` of a request, and the SHA-256 of its canonical body: the same key with another body is noticed. */
export const idempotencySchema = z.object({ key: z.string().min(1).max(255), digest: z.string() });
export type Idempotency = z.infer<typeof idempotencySchema>;
