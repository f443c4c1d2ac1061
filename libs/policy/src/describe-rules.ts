import { composePolicy } from './compose/compose-policy.js';
import { type KeyRule, type RuleTable, textOfRule } from './rules/rule-table.js';
import type { RuleText } from './rules/scope.js';
import type { RuleGroup } from './rules/value-rule.js';
import { yamlRules } from './yaml/yaml-rules.js';

/** One rule, as a page about it shows it. */
export interface RuleDescription {
  readonly id: string;
  readonly verdict: 'allowed' | 'ignored' | 'refused';
  /** What the value has to be, or why it is refused or left out. */
  readonly message: string;
  readonly hint: string | null;
  readonly accepted: string | null;
  readonly refused: string | null;
}

export interface RuleSection {
  readonly title: string;
  readonly rules: readonly RuleDescription[];
}

/** Everything that is allowed and refused, in the order in which it is read. */
export function describeRules(): readonly RuleSection[] {
  return [
    { title: 'every YAML file', rules: Object.values(yamlRules).map(describeText) },
    ...composePolicy.tables.map(describeTable),
    ...composePolicy.groups.map(describeGroup),
  ];
}

export function describeTable(table: RuleTable): RuleSection {
  const rules = Object.entries(table.rules).map(([key, rule]) => describeKey(table, key, rule));
  return { title: table.title, rules };
}

export function describeGroup({ title, rules }: RuleGroup): RuleSection {
  return { title, rules: rules.map((rule) => ({ ...describeText(rule), ...rule.examples })) };
}

function describeKey(table: RuleTable, key: string, rule: KeyRule): RuleDescription {
  if (rule.verdict === 'ignored') {
    const { verdict, note, accepted } = rule;
    return { id: `${table.id}.${key}`, verdict, message: note, hint: null, accepted, refused: null };
  }
  return { ...textOfRule(table, key, rule), verdict: rule.verdict, ...rule.examples };
}

function describeText({ id, message, hint }: RuleText): RuleDescription {
  return { id, verdict: 'refused', message, hint, accepted: null, refused: null };
}
