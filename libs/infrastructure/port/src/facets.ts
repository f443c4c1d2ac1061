import type { Capabilities, PreflightFinding, RemovedObject, TargetKind } from '@nalabo/contracts';
import type { ApplyFacet } from './apply.js';
import type { ExecFacet } from './exec.js';
import type { Observation, OwnedObject, Probe, UsageSample } from './observation.js';
import type { SessionRef } from './reference.js';
import type { SessionSpec } from './session-spec.js';

/** What a target is and can do. Each capability says why when it is absent. */
export interface DescribeFacet {
  readonly kind: TargetKind;
  capabilities(): Promise<Capabilities>;
  /**
   * Examines what sessions will need of the target, and leaves nothing behind. It may take a minute: never while somebody
   * waits. Each finding has a name of its own.
   * @throws AppError when the target cannot be asked.
   */
  preflight(signal: AbortSignal): Promise<readonly PreflightFinding[]>;
}

export interface LifecycleFacet {
  /**
   * Builds what is missing and answers what is there at once, without waiting for readiness. Idempotent: every step
   * looks up by deterministic name, verifies our labels and creates if absent, so it is safe after a crash anywhere.
   * With `initial` an answer is `ready` only when all that the workshop brings is there.
   * @throws AppError `conflict` when a name is taken by something that is not ours; it is left untouched. What the workshop
   * brings and what cannot be made is named by `publicMessage`, and `unprocessable` when trying again cannot help.
   */
  ensure(spec: SessionSpec, signal: AbortSignal): Promise<Observation>;
  /** Removes everything `ensure` may have made, half-made things too. Absent is success: the answer lists what this call removed. */
  destroy(ref: SessionRef, signal: AbortSignal): Promise<readonly RemovedObject[]>;
}

export interface ObserveFacet {
  observe(ref: SessionRef, signal: AbortSignal): Promise<Observation>;
  /** Everything with our instance label, known or not. A list that fails throws; it never answers partially. */
  list(signal: AbortSignal): Promise<readonly OwnedObject[]>;
  /** One sweep for many sessions. A session without figures is missing from the answer. */
  usage(refs: readonly SessionRef[], signal: AbortSignal): Promise<readonly UsageSample[]>;
  probe(signal: AbortSignal): Promise<Probe>;
}

/** One infrastructure target behind the port. A service takes only the facets it may use. */
export interface InfrastructureTarget {
  readonly name: string;
  readonly describe: DescribeFacet;
  readonly lifecycle: LifecycleFacet;
  readonly observe: ObserveFacet;
  readonly exec: ExecFacet;
  /** Null where the capabilities say that it is absent, and why. */
  readonly apply: ApplyFacet | null;
}
