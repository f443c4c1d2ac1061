import type { Examples } from '../rules/rule-table.js';
import type { RuleText } from '../rules/scope.js';

/** One thing that a Dockerfile must keep to. */
export interface DockerfileRule extends RuleText {
  readonly examples: Examples;
  /** What comes with the refused example, where that is what breaks the rule. */
  readonly refusedFiles?: ReadonlyMap<string, string>;
}

export type DockerfileRules = Readonly<Record<string, DockerfileRule>>;
