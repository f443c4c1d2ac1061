import type { ValueRule } from '../rules/value-rule.js';

/** One thing that a Dockerfile must keep to. */
export interface DockerfileRule extends ValueRule {
  /** What comes with the refused example, where that is what breaks the rule. */
  readonly refusedFiles?: ReadonlyMap<string, string>;
}

export type DockerfileRules = Readonly<Record<string, DockerfileRule>>;
