import { z } from 'zod';
import { instantSchema, roleSchema } from '../vocabulary.js';

/** Body of `POST /api/keys`. */
export const createKeySchema = z.strictObject({
  ownerId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$/),
  role: roleSchema,
  description: z.string().max(200).optional(),
});
export type CreateKey = z.infer<typeof createKeySchema>;

export const keyViewSchema = z.object({
  id: z.string(),
  ownerId: z.string(),
  role: roleSchema,
  description: z.string().nullable(),
  createdAt: instantSchema,
  lastUsedAt: instantSchema.nullable(),
  revokedAt: instantSchema.nullable(),
});
export type KeyView = z.infer<typeof keyViewSchema>;

/** The answer to a creation is the only place where the secret is ever shown. */
export const createdKeySchema = keyViewSchema.extend({ key: z.string() });
export type CreatedKey = z.infer<typeof createdKeySchema>;
