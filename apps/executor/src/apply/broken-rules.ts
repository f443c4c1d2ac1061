import { AppError, type Violation } from '@nalabo/kernel';
import type { PolicyViolation } from '@nalabo/policy';

/** Tells every rule that is broken. @param what That breaks them. */
export function brokenRules(violations: readonly PolicyViolation[], what = 'The file'): AppError {
  return new AppError('unprocessable', `${what} breaks ${violations.length} rules`, {
    publicMessage: `${what} breaks rules. Nothing was applied.`,
    details: { code: 'policy_violation', violations: violations.map(toViolation) },
  });
}

function toViolation({ path, message, document, line, rule, hint }: PolicyViolation): Violation {
  return { field: 'configuration', path, message, document, line: line ?? undefined, rule, hint };
}
