import { parseBytes, parseCpuMillicores } from '@nalabo/kernel';
import { z } from 'zod';
import { infrastructureTypeSchema } from '../vocabulary.js';
import { httpLimits } from './limits.js';
import { environmentSchema } from './text.js';

function quantitySchema(parse: (text: string) => number | undefined, example: string) {
  return z
    .string()
    .max(32)
    .refine((text) => (parse(text) ?? 0) > 0, `must be a positive quantity such as ${example}`);
}

export const requestedResourcesSchema = z.strictObject({
  cpu: quantitySchema(parseCpuMillicores, '2000m').optional(),
  memory: quantitySchema(parseBytes, '4Gi').optional(),
  storage: quantitySchema(parseBytes, '20Gi').optional(),
});

export const durationSchema = z
  .number()
  .int()
  .min(httpLimits.durationMinutes.minimum)
  .max(httpLimits.durationMinutes.maximum)
  .describe('minutes');

const nameSchema = z.string().regex(/^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/);

/** Body of `POST /api/workshops/sessions`. */
export const createSessionSchema = z.strictObject({
  workshopId: nameSchema,
  infrastructureType: infrastructureTypeSchema.optional(),
  duration: durationSchema.optional(),
  resources: requestedResourcesSchema.optional(),
  target: nameSchema.optional(),
  env: environmentSchema.optional(),
});
export type CreateSession = z.infer<typeof createSessionSchema>;

/** Body of `POST …/{id}/extend`. */
export const extendSessionSchema = z.strictObject({ duration: durationSchema });
export type ExtendSession = z.infer<typeof extendSessionSchema>;
