import type { InfrastructureObject } from '@nalabo/contracts';
import type { InfrastructureTarget } from '../facets.js';
import type { SessionRef } from '../reference.js';
import type { SessionSpec } from '../session-spec.js';

/** What a provider supplies to be held against the contract. One harness serves the whole suite. */
export interface ConformanceHarness {
  /** The target under test, with an instance label that nobody else uses at the same time. */
  readonly target: InfrastructureTarget;
  /** A session that nothing else uses: its own id and subnet, small limits, an end at least ten minutes away. */
  newSpec(overrides?: Partial<SessionSpec>): SessionSpec;
  /** How many sessions are made at the same time to see that they stay apart. */
  readonly sessionsInParallel: number;
  /** How long one call, or becoming ready, may take, in milliseconds. Default: 60 000. */
  readonly deadlineMilliseconds?: number;
  /** Ends the session's workbench behind the target's back, abruptly. */
  killWorkbench(ref: SessionRef): Promise<void>;
  /**
   * Everything on the backend with our instance label or the name of one of our sessions, in the words of
   * `Observation.objects`. It asks the backend itself and not the target, or a fault of the target would hide.
   */
  leftovers(): Promise<readonly InfrastructureObject[]>;
  /** Puts something foreign where `ensure` would put one of its own objects. */
  makeForeignObject?(ref: SessionRef, owner: ForeignOwner): Promise<ForeignObject>;
  /** Makes the backend unreachable for the target; the answer makes it reachable again. */
  breakBackend?(): Promise<() => Promise<void>>;
  /** The limits that the backend really holds what the learner runs to, read back from it. */
  appliedLimits?(ref: SessionRef): Promise<AppliedLimits>;
  /** For a target that takes services: an image that the backend has, and a command of it that goes on and on. */
  readonly services?: { readonly image: string; readonly command: readonly string[] };
  /** Present when sessions are isolated and run the workbench image. */
  readonly isolation?: Isolation;
  close(): Promise<void>;
}

/** An object with our labels and the session's, but of another installation; or one without any label. */
export type ForeignOwner = 'another installation' | 'nobody';

export interface ForeignObject {
  readonly kind: string;
  readonly name: string;
  exists(): Promise<boolean>;
  remove(): Promise<void>;
}

export interface AppliedLimits {
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  /** Null when the number of processes is not limited. */
  readonly processes: number | null;
}

export interface Isolation {
  /** Places that listen and that no session may reach: the machine, its services, the control plane, metadata addresses. */
  forbiddenEndpoints(): Promise<readonly { readonly host: string; readonly port: number }[]>;
  /** Paths that must not exist inside a session, for example the engine's socket. */
  readonly forbiddenPaths: readonly string[];
}
