import { z } from 'zod';

/**
 * What a session holds because a configuration was applied, in the words of the infrastructure port: the executor makes it,
 * the provisioner keeps it and hands it to the provider, and neither looks into it.
 */
export const storedModelSchema = z.looseObject({ type: z.string() });
export type StoredModel = z.infer<typeof storedModelSchema>;
