import { isMap } from '../rules/form.js';
import { type Findings, type Path, Scope } from '../rules/scope.js';
import type { RuleGroup, ValueRule } from '../rules/value-rule.js';
import { inService } from './wrap-examples.js';

const variable: ValueRule = {
  id: 'compose.variable',
  message: 'has a variable, and none is known here',
  hint: 'Write the value itself, or $$ for the sign.',
  examples: { accepted: 'command: [sh, -c, "echo $$HOME"]', refused: 'command: echo ${NATS_URL}' },
};

export const variableRules: RuleGroup = { title: 'variables', rules: [variable], wrap: inService };

/**
 * Reads `$$` as `$`, as Compose does, in every text. Any other `$` stands for a value from outside of the file, or for
 * nothing that Compose understands, and is refused.
 */
export function replaceVariables(value: unknown, findings: Findings, path: Path = []): unknown {
  if (typeof value === 'string') {
    if (value.replaceAll('$$', '').includes('$')) new Scope(variable, path, findings).refuse();
    return value.replaceAll('$$', () => '$');
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => replaceVariables(item, findings, [...path, index]));
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, replaceVariables(one, findings, [...path, key])]),
  );
}
