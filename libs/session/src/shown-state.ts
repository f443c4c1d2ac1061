import type { EndReason, SessionState, ShownState } from '@nalabo/contracts';

/** The API shows a session that ended because it failed as `FAILED`. */
export function shownState(state: SessionState, reason: EndReason | null): ShownState {
  return state === 'TERMINATED' && reason === 'failed' ? 'FAILED' : state;
}
