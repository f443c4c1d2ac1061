import { type Form, isMap } from './form.js';
import type { RuleText, Scope } from './scope.js';

/** One that keeps a rule and one that breaks it: the rule's test, and what its documentation shows. */
export interface Examples {
  readonly accepted: string;
  readonly refused: string;
}

/** A key that is read. */
export interface Allowed<T> {
  readonly verdict: 'allowed';
  readonly form: Form<T>;
  readonly hint: string;
  readonly examples: Examples;
}

/** A key that is left out, and says so. */
export interface Ignored {
  readonly verdict: 'ignored';
  /** Why it makes no difference, as a sentence. */
  readonly note: string;
  readonly accepted: string;
}

/** A key that is known and not allowed, whatever it says. */
export interface Refused {
  readonly verdict: 'refused';
  /** Why, as the end of "… is refused: ". */
  readonly reason: string;
  readonly hint: string;
  readonly examples: Examples;
}

export type KeyRule = Allowed<unknown> | Ignored | Refused;

/** The keys of one kind of map. What is not among them is refused, so that what is new anywhere is off by default. */
export interface RuleTable<Rules extends KeyRules = KeyRules> {
  /** The first part of the ids of its rules, for example `compose.service`. */
  readonly id: string;
  /** For documentation: which map this is. */
  readonly title: string;
  readonly rules: Rules;
  /** Keys that must be there. */
  readonly required: readonly string[];
  /** Puts an example of a rule into a whole file. */
  readonly wrap: (example: string) => string;
}

export type KeyRules = Readonly<Record<string, KeyRule>>;

type AllowedKeys<Rules> = {
  [Key in keyof Rules]: Rules[Key] extends Allowed<unknown> ? Key : never;
}[keyof Rules];

/** What a table reads: only what it allows, each as its form reads it. */
export type ReadTable<Rules> = {
  readonly [Key in AllowedKeys<Rules>]?: Rules[Key] extends Allowed<infer T> ? T : never;
};

/** A map that keeps to a table. Keys that begin with `x-` are extensions of the author, and left out. */
export function keysOf<Rules extends KeyRules>(table: RuleTable<Rules>): Form<ReadTable<Rules>> {
  return {
    says: table.title,
    read(value, scope) {
      if (!isMap(value)) return scope.refuse(`must be ${table.title}`);
      const missing = table.required.filter((key) => !Object.hasOwn(value, key));
      for (const key of missing) scope.under(missingRule(table, key)).refuse();
      const read = Object.entries(value).map(([key, one]) => readKey(table, key, one, scope.at(key)));
      if (missing.length > 0 || read.includes('refused')) return undefined;
      return Object.fromEntries(read.filter((entry) => typeof entry !== 'string')) as ReadTable<Rules>;
    },
  };
}

type KeyReading = readonly [string, unknown] | 'refused' | 'ignored';

function readKey(table: RuleTable, key: string, value: unknown, scope: Scope): KeyReading {
  if (key.startsWith('x-')) return 'ignored';
  const rule = Object.hasOwn(table.rules, key) ? table.rules[key] : undefined;
  if (!rule) {
    scope.under(unknownRule(table)).refuse();
    return 'refused';
  }
  if (rule.verdict === 'ignored') {
    scope.note(rule.note);
    return 'ignored';
  }
  const ruled = scope.under(textOfRule(table, key, rule));
  if (rule.verdict === 'refused') {
    ruled.refuse();
    return 'refused';
  }
  const read = rule.form.read(value, ruled);
  return read === undefined ? 'refused' : [key, read];
}

/** What the rule of a key tells, for violations and for documentation. */
export function textOfRule(table: RuleTable, key: string, rule: Allowed<unknown> | Refused): RuleText {
  const message = rule.verdict === 'refused' ? `is refused: ${rule.reason}` : `must be ${rule.form.says}`;
  return { id: `${table.id}.${key}`, message, hint: rule.hint };
}

export function unknownRule({ id, rules }: RuleTable): RuleText {
  const known = Object.keys(rules).filter((key) => rules[key]?.verdict !== 'refused');
  const hint = `Known here: ${known.join(', ')}.`;
  return { id: `${id}.unknown-key`, message: 'is not a key that is read here', hint };
}

export function missingRule({ id }: RuleTable, key: string): RuleText {
  return { id: `${id}.missing-key`, message: `${key} is missing`, hint: `Add ${key}.` };
}
