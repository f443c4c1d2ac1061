import type { Limits } from '@nalabo/contracts';
import type { AppliedModel, LogRequest } from '../apply.js';
import type { SessionRef } from '../reference.js';

/** What is there of a service. */
export interface HeldService {
  /** What it was made from, see `serviceDigest`. */
  readonly digest: string;
  /** It runs, or has done all that it had to do. */
  readonly isWell: boolean;
}

export interface HeldServices {
  readonly services: ReadonlyMap<string, HeldService>;
  /** Besides the session's own network. */
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

export interface ServicesWork {
  readonly ref: SessionRef;
  /** What the session shall hold; null for nothing. */
  readonly wanted: AppliedModel | null;
  /** Those of the whole session, of which the workbench gets what the services leave. */
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/**
 * What an infrastructure does for services. Every step begins with what it finds and makes of it what is wanted, so that it
 * may be done again by anybody, however far somebody else has come.
 */
export interface ServiceHost {
  /** @throws AppError `not_found` when the session has no running workbench. */
  held(ref: SessionRef, signal: AbortSignal): Promise<HeldServices>;
  /** Gets everything that takes long, and changes nothing of the session. */
  prepare(work: ServicesWork): Promise<void>;
  /** Ends and removes the services that are not wanted, or not as they are, and the networks that only they were in. */
  clear(work: ServicesWork): Promise<void>;
  /**
   * Makes and starts what is missing, each service after those that it depends on.
   * @throws ObjectError with what could not be made.
   */
  build(work: ServicesWork): Promise<void>;
  /** Removes the volumes that are not wanted, with what is in them. */
  sweep(work: ServicesWork): Promise<void>;
  /** @throws AppError `not_found` when the session has no such service. */
  logs(ref: SessionRef, request: LogRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}
