import type { SessionId } from '@nalabo/kernel';

/** Derived from the session's id and generation, never stored by a backend: a lost reply can't lose a session. */
export interface SessionRef {
  readonly sessionId: SessionId;
  readonly generation: number;
}
