import type { ServiceLimits } from './compose-model.js';

/** What the platform allows in the place where a Compose file is applied. */
export interface ComposeContext {
  /** Names of images, each exactly as a file has to write it. */
  readonly images: readonly string[];
  /** The session's share that is left for all services together. */
  readonly resources: ServiceLimits;
  /** The paths of the files that are sent beside the configuration, without `./`. */
  readonly files: Pick<ReadonlySet<string>, 'has'>;
}
