import type { EndReason, SessionState } from '@nalabo/contracts';

/** What deciding needs to know of a session. Rows hold more; decisions don't. */
export interface SessionFacts {
  readonly state: SessionState;
  readonly desired: 'present' | 'absent';
  /** Why it must end; null while it must not. */
  readonly reason: EndReason | null;
  readonly expiresAt: Date;
  /** When building, or building again, has lasted too long; null while nothing is being built. */
  readonly stateDeadlineAt: Date | null;
  /** Failed passes in the current state. */
  readonly attempt: number;
  /** Times that a READY session's workbench was started again. */
  readonly restarts: number;
  /** Not before this moment is another attempt made; null for at once. */
  readonly retryAt: Date | null;
  /**
   * What may have left the session with something else than what is stored: an apply, or the creation of a session whose
   * workshop brings something, until `ensure` has brought it. Null when there is nothing of the kind.
   */
  readonly unsettledBy: string | null;
}

/** What was seen of the session on its target; `unknown` when the target could not be looked at. */
export type Sight =
  | { readonly presence: 'unknown' }
  | { readonly presence: 'absent' }
  | {
      readonly presence: 'present';
      readonly readiness: 'pending' | 'ready' | 'stopped';
      readonly reason: string | null;
    };

/** The states that a session may go to from each state. */
export const transitions: Readonly<Record<SessionState, readonly SessionState[]>> = {
  REQUESTED: ['PROVISIONING', 'TERMINATING'],
  PROVISIONING: ['READY', 'TERMINATING'],
  READY: ['TERMINATING'],
  TERMINATING: ['TERMINATED'],
  TERMINATED: [],
};
