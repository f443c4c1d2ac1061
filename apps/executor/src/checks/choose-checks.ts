import type { CheckDefinition } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';

/** The named checks, or all, in the order of the workshop and each once. @throws AppError `not_found` for another name. */
export function chooseChecks(
  checks: readonly CheckDefinition[],
  names: readonly string[] | null,
): readonly CheckDefinition[] {
  if (names === null) return checks;
  const missing = names.find((name) => !checks.some(({ id }) => id === name));
  if (missing !== undefined) throw new AppError('not_found', `the workshop of the session has no check ${missing}`);
  return checks.filter(({ id }) => names.includes(id));
}
