import type { ValueRule } from '../rules/value-rule.js';

/** One thing that a Dockerfile must keep to. */
export interface DockerfileRule extends ValueRule {
  /** What the refused example stands for, where it is too long to be shown or no line of the file at all. */
  readonly refusedInFull?: { readonly text: string; readonly files?: ReadonlyMap<string, string> };
}

export type DockerfileRules = Readonly<Record<string, DockerfileRule>>;
