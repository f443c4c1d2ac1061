import type { ManifestObject } from '@nalabo/infrastructure-port';
import { z } from 'zod';
import type { Path, ValueFault } from './check-values.js';

const textSchema = z
  .string('is needed')
  .min(1, 'is needed')
  .max(253, 'is longer than 253 characters')
  .refine((text) => !/\p{Cc}/u.test(text), 'has a character that is no text');

/** What may stand in a path of the API as it is. */
const nameSchema = textSchema.refine(
  (name) => name !== '.' && name !== '..' && !/[/%]/.test(name),
  'must not be a path',
);

/** What every object has; the rest is for the API to judge. */
const objectSchema = z.looseObject(
  {
    apiVersion: textSchema,
    kind: textSchema,
    metadata: z.looseObject({ name: nameSchema, namespace: nameSchema.optional() }, 'is needed'),
  },
  'must be an object with apiVersion, kind and metadata',
);

export interface CheckedObject {
  readonly object: readonly Omit<ManifestObject, 'document' | 'line'>[];
  readonly faults: readonly ValueFault[];
}

/** @param path Where the value stands in its document. */
export function checkObject(value: unknown, path: Path): CheckedObject {
  const { data, error } = objectSchema.safeParse(value);
  if (error) {
    const faults = error.issues.map((issue) => ({
      path: [...path, ...issue.path.filter((part) => typeof part !== 'symbol')],
      message: issue.message,
    }));
    return { object: [], faults };
  }
  const { apiVersion, kind, metadata } = data;
  const { name, namespace = null } = metadata;
  return { object: [{ apiVersion, kind, name, namespace, content: data }], faults: [] };
}
