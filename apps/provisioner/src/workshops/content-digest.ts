import { createHash } from 'node:crypto';
import type { WorkshopContent } from '@nalabo/contracts';

/** The same for the same content, in whatever order its keys were written. */
export function contentDigest(content: WorkshopContent): string {
  return createHash('sha256').update(JSON.stringify(content, inOrder)).digest('hex');
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
