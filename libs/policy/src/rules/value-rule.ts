import type { Examples } from './rule-table.js';
import { type Findings, type Path, type RuleText, Scope } from './scope.js';

/** A rule about something else than one key: a part of a text, or values in different places that have to agree. */
export interface ValueRule extends RuleText {
  readonly examples: Examples;
}

/** Where a rule about a whole file is broken. */
export interface Breach {
  readonly path: Path;
  /** More exact than the message of the rule. */
  readonly message?: string;
}

/** A rule about what a file says as a whole. It is looked at once every single value is allowed. */
export interface CrossCheck<Model, Context> extends ValueRule {
  find(model: Model, context: Context): readonly Breach[];
}

/** Rules that belong together and whose examples are completed in the same way. */
export interface RuleGroup<Rule extends ValueRule = ValueRule> {
  readonly title: string;
  readonly rules: readonly Rule[];
  /** Puts an example of a rule into a whole file. */
  readonly wrap: (example: string) => string;
}

/** Records every breach of every rule. */
export function crossCheck<Model, Context>(
  { rules }: Pick<RuleGroup<CrossCheck<Model, Context>>, 'rules'>,
  model: Model,
  context: Context,
  findings: Findings,
): void {
  for (const rule of rules) {
    for (const { path, message } of rule.find(model, context)) new Scope(rule, path, findings).refuse(message);
  }
}
