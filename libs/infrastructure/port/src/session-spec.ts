import type { Isolation, Limits } from '@nalabo/contracts';
import type { AppliedModel, ApplyModel } from './apply.js';
import type { SessionRef } from './reference.js';

/** Everything a provider needs to build a session. It is committed before the first side effect. */
export interface SessionSpec extends SessionRef {
  readonly workshopId: string;
  readonly limits: Limits;
  /** What the learner's commands find in their environment; names are already checked. */
  readonly environment: Readonly<Record<string, string>>;
  /** When the workbench ends by itself, in epoch seconds. */
  readonly endsByEpochSeconds: number;
  /** The session's row in the target's subnet table; the provider turns it into addresses. */
  readonly subnetIndex: number;
  /** What the workshop asks a cluster for; null leaves it to the target, and other infrastructures ignore it. */
  readonly isolation: Isolation | null;
  /** What the session holds beside its workbench, to be restored with it; null for nothing. */
  readonly applied: AppliedModel | null;
  /**
   * What the workshop brings, to be there when the session is ready for the first time. Null once it was, so that nothing of
   * the learner's is written over, and for a workshop that brings nothing.
   */
  readonly initial: ApplyModel | null;
}
