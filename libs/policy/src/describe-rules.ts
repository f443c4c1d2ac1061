import { composePolicy } from './compose/compose-policy.js';
import { dockerfileRuleGroups } from './dockerfile/instruction-table.js';
import {
  type Examples,
  type KeyRule,
  missingRule,
  type RuleTable,
  textOfRule,
  unknownRule,
} from './rules/rule-table.js';
import { manifestPolicy } from './manifests/manifest-policy.js';
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

export interface RuleChapter {
  readonly type:
    'every YAML file' | 'compose' | 'dockerfile' | 'manifests in a namespace' | 'manifests in a virtual cluster';
  readonly sections: readonly RuleSection[];
}

/** Everything that is allowed and refused, by the type of file. */
export function describeRules(): readonly RuleChapter[] {
  const yaml = { title: 'Form and size', rules: Object.values(yamlRules).map(describeText) };
  return [
    { type: 'every YAML file', sections: [yaml] },
    { type: 'compose', sections: describePolicy(composePolicy) },
    { type: 'dockerfile', sections: dockerfileRuleGroups.map(describeGroup) },
    { type: 'manifests in a namespace', sections: describePolicy(manifestPolicy.namespace) },
    { type: 'manifests in a virtual cluster', sections: describePolicy(manifestPolicy.virtual) },
  ];
}

interface Policy {
  readonly tables: readonly RuleTable[];
  readonly groups: readonly RuleGroup[];
}

function describePolicy({ tables, groups }: Policy): RuleSection[] {
  return [...tables.map(describeTable), ...groups.map(describeGroup)];
}

function describeTable(table: RuleTable): RuleSection {
  const keys = Object.entries(table.rules).map(([key, rule]) => describeKey(table, key, rule));
  const missing = table.required.length > 0 ? [missingRule(table, table.required.join(' or '))] : [];
  return { title: table.title, rules: [...keys, ...[...missing, unknownRule(table)].map(describeText)] };
}

function describeGroup({ title, rules }: RuleGroup): RuleSection {
  return { title, rules: rules.map(({ examples, ...rule }) => ({ ...describeText(rule), ...shown(examples) })) };
}

function describeKey(table: RuleTable, key: string, rule: KeyRule): RuleDescription {
  if (rule.verdict === 'ignored') {
    const { verdict, note, accepted } = rule;
    return { id: `${table.id}.${key}`, verdict, message: note, hint: null, accepted, refused: null };
  }
  return { ...textOfRule(table, key, rule), verdict: rule.verdict, ...shown(rule.examples) };
}

function describeText({ id, message, hint }: RuleText): RuleDescription {
  return { id, verdict: 'refused', message, hint, accepted: null, refused: null };
}

/** Where nothing at all is what keeps a rule, there is nothing to show. */
function shown({ accepted, refused }: Examples): Pick<RuleDescription, 'accepted' | 'refused'> {
  return { accepted: accepted === '' ? null : accepted, refused: refused === '' ? null : refused };
}
