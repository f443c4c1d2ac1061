import { mostViolations, type PolicyViolation } from '../violation.js';
import { pathText } from './path-text.js';
import type { Finding } from './scope.js';

/** Tells what was found in a model that is judged once more: it has no lines any more. */
export function toldOfModel(findings: readonly Finding[]): readonly PolicyViolation[] {
  return findings.slice(0, mostViolations).map(({ path, rule, message, hint }) => {
    return { path: pathText(path), line: null, rule, message, hint };
  });
}
