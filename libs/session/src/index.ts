export { mayAct, sessionActions } from './access.js';
export type { SessionAction } from './access.js';
export { decide } from './decide.js';
export type { Decision } from './decide.js';
export { endsBy, extend, remainingSeconds } from './expiry.js';
export type { Extension } from './expiry.js';
export { applyLeaseSeconds, leaseRenewalMilliseconds, leaseSeconds } from './lease.js';
export { defaultAdmissionLimits, defaultResources, exceededFields, parseResources, refuseAdmission } from './limits.js';
export type { AdmissionCounts, AdmissionLimits } from './limits.js';
export {
  attemptBackoff,
  buildLimitMilliseconds,
  buildPollMilliseconds,
  maximumAttempts,
  removalBackoff,
  settledPollMilliseconds,
  unreachablePollMilliseconds,
} from './policy.js';
export { serviceShare } from './service-share.js';
export type { ServiceShare } from './service-share.js';
export { transitions } from './session.js';
export type { SessionFacts, Sight } from './session.js';
export { shownState } from './shown-state.js';
