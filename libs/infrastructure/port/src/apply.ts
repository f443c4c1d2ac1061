import type { AppliedObject } from '@nalabo/contracts';
import type { ManifestObject } from '@nalabo/policy';
import type { SessionRef } from './reference.js';

/** What a session shall hold. */
export interface ApplyModel {
  readonly type: 'yaml';
  readonly objects: readonly ManifestObject[];
}

export interface ApplyPlan {
  readonly ref: SessionRef;
  readonly model: ApplyModel;
  /** In the order in which they are made; what is removed comes last. None has failed. */
  readonly changes: readonly AppliedObject[];
}

/** Configuration of learners, applied with the session's own rights and never the platform's. */
export interface ApplyFacet {
  /**
   * Finds out what applying the model would do, and changes nothing.
   * @throws AppError `unprocessable` with a violation for everything that the infrastructure refuses, or when the session
   * cannot take configuration; `unavailable` when it does not answer.
   */
  plan(ref: SessionRef, model: ApplyModel, signal: AbortSignal): Promise<ApplyPlan>;
  /** Carries a plan out and says what became of each object; those that were not reached have failed. */
  apply(plan: ApplyPlan, signal: AbortSignal): Promise<readonly AppliedObject[]>;
  /**
   * What the learner's own client needs. A secret.
   * @throws AppError `conflict` when no address leads to the session from outside, `unprocessable` when it has none.
   */
  kubeconfig(ref: SessionRef, signal: AbortSignal): Promise<string>;
}
