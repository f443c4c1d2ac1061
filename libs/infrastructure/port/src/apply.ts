import type { AppliedObject, Capability, Limits } from '@nalabo/contracts';
import type { ComposeModel, DockerfileModel, ManifestObject, NamespaceContext, VirtualContext } from '@nalabo/policy';
import type { SessionRef } from './reference.js';

/** Manifests for the cluster of a session. */
export interface ManifestsModel {
  readonly type: 'yaml';
  readonly objects: readonly ManifestObject[];
}

/** By which rules manifests for a session are judged, besides the images of its workshop. */
export type ManifestScope = VirtualContext | Omit<NamespaceContext, 'images'>;

/** An image to be built for one session, from what the rules allow. It is plain JSON. */
export interface ImageBuild {
  readonly dockerfile: DockerfileModel;
  /** The files to copy from, by their paths. */
  readonly files: Readonly<Record<string, string>>;
}

/** Services beside the workbench, and files for its workspace. */
export interface ServicesModel {
  readonly type: 'compose';
  readonly compose: ComposeModel;
  /** Texts by their path in the workspace, without `./`. Null: no file shall be there. */
  readonly files: WorkspaceFiles;
  /** The image of all services, where one has to be built. */
  readonly build?: ImageBuild | undefined;
}

export type WorkspaceFiles = ReadonlyMap<string, string | null>;

/** What a session shall hold. */
export type ApplyModel = ManifestsModel | ServicesModel;

/**
 * What a session holds beside its workbench: all that is needed to make it again. It is plain JSON. A cluster remembers by
 * itself what it holds, so that there is none for manifests.
 */
export interface AppliedModel {
  readonly type: 'compose';
  readonly compose: ComposeModel;
  /** The folder volume of each folder that services mount. A folder keeps its volume as long as it is mounted. */
  readonly folders: Readonly<Record<string, number>>;
  /** The image of all services, where one has to be built. */
  readonly build?: ImageBuild | undefined;
}

export interface ApplyRequest {
  readonly model: ApplyModel;
  /** What the session holds now, by the plan that was last carried out; null for nothing. */
  readonly current: AppliedModel | null;
  /** Those of the whole session. */
  readonly limits: Limits;
}

export interface ApplyPlan extends ApplyRequest {
  readonly ref: SessionRef;
  /** In the order in which they are made; what is removed comes last. None has failed. */
  readonly changes: readonly AppliedObject[];
  /** What the session holds when the plan has been carried out: to be stored then. Null where nothing needs to be. */
  readonly applied: AppliedModel | null;
  /** What the files of the model hold now: applied again, they bring it back. */
  readonly filesBefore: WorkspaceFiles;
}

export interface LogRequest {
  readonly service: string;
  /** How many of the last lines. */
  readonly tail: number;
  /** Whether to go on with what is written from now on, until the signal aborts or the service ends. */
  readonly follow: boolean;
}

/** Configuration of learners, applied with the session's own rights and never the platform's. */
export interface ApplyFacet {
  /** The one type of configuration that its sessions take. */
  readonly takes: ApplyModel['type'];
  /** Whether images are built for its sessions. Left out where that can never be. */
  readonly builds?: Capability;
  /**
   * How manifests for the session have to be judged before they are planned.
   * @throws AppError `unprocessable` when its sessions take no manifests, `unavailable` when it does not answer.
   */
  manifestScope(ref: SessionRef, signal: AbortSignal): Promise<ManifestScope>;
  /**
   * Finds out what applying the model would do, and changes nothing.
   * @throws AppError `unprocessable` with a violation for everything that the infrastructure refuses, or when the session
   * cannot take configuration; with the `path` of a file in its details when what stands there cannot be replaced;
   * `unavailable` when it does not answer.
   */
  plan(ref: SessionRef, request: ApplyRequest, signal: AbortSignal): Promise<ApplyPlan>;
  /**
   * Carries a plan out and says what became of each object; those that were not reached have failed. Where one has failed,
   * services and files are brought back to what they were before: nothing is then to be stored. Those that failed are
   * `unrestored` where the infrastructure did not let us. An abort with an AppError of the kind `gone` as its reason takes
   * the session away: nothing is touched any more, and it is for others to end or to restore it. Manifests stay as they
   * are after a failure.
   * @throws AppError only when nothing has been changed.
   */
  apply(plan: ApplyPlan, signal: AbortSignal): Promise<readonly AppliedObject[]>;
  /**
   * What a service has written, standard output and standard error as they came.
   * @throws AppError `not_found` when the session has no such service, `unprocessable` when it can have none.
   */
  logs(ref: SessionRef, request: LogRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /**
   * What the learner's own client needs. A secret.
   * @throws AppError `conflict` when no address leads to the session from outside, `unprocessable` when it has none.
   */
  kubeconfig(ref: SessionRef, signal: AbortSignal): Promise<string>;
}
