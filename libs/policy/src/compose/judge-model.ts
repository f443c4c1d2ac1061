import type { Findings } from '../rules/scope.js';
import { toldOfModel } from '../rules/told-of-model.js';
import { crossCheck } from '../rules/value-rule.js';
import type { PolicyViolation } from '../violation.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeModel } from './compose-model.js';
import { crossChecks } from './cross-checks.js';

/** Judges a model once more that was read from a file before: the place may allow less by now. */
export function judgeModel(model: ComposeModel, context: Omit<ComposeContext, 'files'>): readonly PolicyViolation[] {
  const findings: Findings = { broken: [], notes: [] };
  crossCheck(crossChecks, { model, file: model }, { ...context, files: new Set() }, findings);
  return toldOfModel(findings.broken);
}
