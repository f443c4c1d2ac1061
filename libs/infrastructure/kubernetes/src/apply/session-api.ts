import type { KubeClient } from '../cluster/kube.client.js';
import type { ApiKind } from './api-kinds.js';

/** An API that takes what a learner applies, with the learner's own credentials. */
export interface SessionApi {
  readonly client: KubeClient;
  /** What may be applied to it. */
  readonly kinds: readonly ApiKind[];
  /** Where objects go that name no namespace. */
  readonly namespace: string;
  /** Whether the platform keeps objects there too. Then nothing but this namespace is the learner's. */
  readonly isShared: boolean;
}
