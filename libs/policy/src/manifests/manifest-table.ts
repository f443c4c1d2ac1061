import type { Form } from '../rules/form.js';
import type { Allowed, KeyRules, Refused, RuleTable } from '../rules/rule-table.js';

/** What the rows of manifests have in common: their examples are values, to which the key is added. */
interface Fields<Rules extends KeyRules> {
  /** The end of the ids, for example `pod-spec` for `manifests.pod-spec.hostNetwork`. */
  readonly id: string;
  readonly title: string;
  readonly rules: Rules;
  readonly required?: readonly string[];
  /** Puts fields in flow style into a whole file. */
  readonly wrap: (fields: string) => string;
}

/** A key whose value must have a form. Both examples are values. */
export function allow<T>(form: Form<T>, hint: string, accepted: string, refused: string): Allowed<T> {
  return { verdict: 'allowed', form, hint, examples: { accepted, refused } };
}

/** A key that must be left out. The example is a value. */
export function refuse(reason: string, hint: string, refused: string): Refused {
  return { verdict: 'refused', reason, hint, examples: { accepted: '', refused } };
}

/** Several keys that are refused for one reason, each with an example of its value. */
export function refuseAll<const Keys extends Readonly<Record<string, string>>>(
  reason: string,
  hint: string,
  keys: Keys,
): { readonly [Key in keyof Keys]: Refused } {
  const rules = Object.entries(keys).map(([key, value]) => [key, refuse(reason, hint, value)]);
  return Object.fromEntries(rules) as { readonly [Key in keyof Keys]: Refused };
}

export function manifestTable<const Rules extends KeyRules>(fields: Fields<Rules>): RuleTable<Rules> {
  const { id, title, rules, required = [], wrap } = fields;
  const whole = Object.entries(rules).map(([key, rule]) => [key, withKey(key, rule)]);
  return { id: `manifests.${id}`, title, rules: Object.fromEntries(whole) as Rules, required, wrap };
}

function withKey(key: string, rule: KeyRules[string]): KeyRules[string] {
  if (rule.verdict === 'ignored') return { ...rule, accepted: `${key}: ${rule.accepted}` };
  const { accepted, refused } = rule.examples;
  const examples = { accepted: accepted === '' ? '' : `${key}: ${accepted}`, refused: `${key}: ${refused}` };
  return { ...rule, examples };
}

/** Fields in flow style, with those added that are needed and not yet there. */
export function completed(fields: string, needed: Readonly<Record<string, string>>): string {
  const added = Object.entries(needed).filter(([key]) => !new RegExp(`^${key}:`).test(fields));
  return [...(fields === '' ? [] : [fields]), ...added.map(([key, value]) => `${key}: ${value}`)].join(', ');
}
