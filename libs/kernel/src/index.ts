export { AppError, errorKinds, isRetryable } from './app-error.js';
export type { AppErrorOptions, ErrorDetails, ErrorKind } from './app-error.js';
export { assertNever } from './assert-never.js';
export { backoffDelay } from './backoff.js';
export type { BackoffPolicy } from './backoff.js';
export { ManualClock, systemClock } from './clock.js';
export type { Clock } from './clock.js';
export {
  executionIdPattern,
  isSessionId,
  newExecutionId,
  newId,
  newSessionId,
  sessionIdPattern,
} from './ids.js';
export type { ExecutionId, SessionId } from './ids.js';
export { parseBytes, parseCpuMillicores } from './quantities.js';
export { retry } from './retry.js';
export type { RetryOptions } from './retry.js';
export { toAppError } from './to-app-error.js';
