import type { ActionCounts, AppliedObject } from '@nalabo/contracts';

export function countActions(objects: readonly AppliedObject[]): ActionCounts {
  const counts = { created: 0, changed: 0, unchanged: 0, removed: 0, failed: 0 };
  for (const { action } of objects) counts[action] += 1;
  return counts;
}
