import type { Scope } from '../rules/scope.js';
import type { DockerfileContext, Stage, Step } from './dockerfile-model.js';
import type { DockerfileRule } from './dockerfile-rule.js';

/** A stage that is still being read. */
export interface OpenStage extends Stage {
  readonly steps: Step[];
  /** Null as long as only its image knows. */
  workdir: string | null;
}

/** What an instruction is read with: where it stands, and what comes before it. */
export interface ReadingPlace {
  readonly scope: Scope;
  readonly context: DockerfileContext;
  readonly earlier: readonly OpenStage[];
  readonly stage: OpenStage;
}

/** An instruction that becomes a step. */
export interface AllowedInstruction {
  readonly verdict: 'allowed';
  /** What flags break. Without it the instruction reads its flags itself. */
  readonly flagRule?: DockerfileRule;
  /** What a dollar sign breaks. Without it the shell or the instruction itself reads them. */
  readonly variableRule?: DockerfileRule;
  /** Undefined when a rule is broken, which the scope has been told then. */
  readonly read: (rest: string, place: ReadingPlace) => Step | undefined;
}

/** An instruction that is left out, and says so. */
export interface IgnoredInstruction {
  readonly verdict: 'ignored';
  readonly note: string;
  readonly accepted: string;
}

/** An instruction that is known and not allowed, whatever it says. */
export interface RefusedInstruction {
  readonly verdict: 'refused';
  readonly rule: DockerfileRule;
}
