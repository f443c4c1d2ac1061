import { AppError, type AppErrorOptions, type ErrorKind } from '@nalabo/kernel';

/** The only place where what a cluster or the connection to it says becomes an AppError. */

/** Who stopped a call before the cluster answered. */
export type Interruption = 'deadline' | 'caller';

/** What an answer means, and what a client is told of it: the text itself names accounts, addresses and objects. */
type Meaning = readonly [kind: ErrorKind, publicMessage: string];

const away = 'The infrastructure target does not answer.';

const meaningByStatus: Readonly<Record<number, Meaning>> = {
  400: ['unprocessable', 'The cluster refused the request.'],
  401: ['unavailable', 'The cluster does not accept our credentials.'],
  403: ['unavailable', 'The cluster does not let us do this.'],
  404: ['not_found', 'The infrastructure target has no such object.'],
  409: ['conflict', 'An object of the cluster is in another state than expected.'],
  410: ['conflict', 'The cluster has forgotten the state that was asked for.'],
  422: ['unprocessable', 'The cluster refused the request.'],
  429: ['unavailable', 'The cluster has too much to do.'],
  500: ['unavailable', 'The cluster failed.'],
  502: ['unavailable', away],
  503: ['unavailable', away],
  504: ['unavailable', away],
};

const unknownFailure: Meaning = ['internal', 'The cluster failed.'];

/** Texts that say more than the status. The first that matches decides. */
const meaningByText: readonly (readonly [RegExp, Meaning])[] = [
  [/exceeded quota/i, ['exhausted', 'The session has used up its share of the cluster.']],
  // Somebody else changed it meanwhile, for one the use that a quota counts; a precondition does not come true by waiting.
  [
    /Operation cannot be fulfilled on (?!.*precondition)/i,
    ['unavailable', 'The cluster is busy with the same object.'],
  ],
  [/violates PodSecurity/i, ['unprocessable', 'The cluster does not admit such a pod.']],
  [/because it is being terminated|object is being deleted/i, ['unavailable', 'The session is still being removed.']],
];

/** The body of a failed call, as the API describes it (`Status`). */
export interface KubeStatus {
  readonly message?: unknown;
  readonly reason?: unknown;
  readonly details?: unknown;
}

/** @param operation What was attempted, with identifiers and without secrets, for example `create pod nalabo-…`. */
export function toClusterError(thrown: unknown, operation: string, interruption?: Interruption): AppError {
  if (thrown instanceof AppError) return thrown;
  if (interruption) return interrupted(operation, interruption, thrown);
  const fault = innermostFault(thrown);
  const message = `${operation}: the cluster does not answer (${textOf(fault)})`;
  // A tunnel that could not be opened: who opened it knows why. It is no answer of the API that it leads to.
  const ours = fault instanceof AppError ? fault : undefined;
  const kind = ours?.kind === 'timeout' || ours?.kind === 'cancelled' ? ours.kind : 'unavailable';
  const publicMessage = ours?.publicMessage ?? away;
  return new AppError(kind, message, { cause: thrown, publicMessage, details: { retryAfterSeconds: 5 } });
}

/** An answer that is no success. */
export function toAnswerError(status: number, body: string, operation: string): AppError {
  const answer = parseStatus(body);
  const { message, reason } = answer;
  const text = typeof message === 'string' ? message : `status ${status}`;
  const meaning = meaningByText.find(([pattern]) => pattern.test(text))?.[1] ?? meaningByStatus[status];
  const [kind, publicMessage] = meaning ?? unknownFailure;
  const options: AppErrorOptions = {
    // Stays in this process: only who made the request may be told more than what the status means.
    cause: answer,
    publicMessage,
    details: { status, ...(typeof reason === 'string' ? { reason } : {}) },
  };
  return new AppError(kind, `${operation}: ${text}`, options);
}

/** What the API itself said, when it has answered at all: for a learner who asks an API of his own. */
export function answerOf(error: AppError): KubeStatus | undefined {
  return typeof error.details['status'] === 'number' ? (error.cause as KubeStatus) : undefined;
}

/** Why a caller's signal ended a call: a time limit of his own is a passed deadline, everything else a cancelled call. */
export function interruptionOf(caller: AbortSignal | undefined): Interruption | undefined {
  if (!caller?.aborted) return undefined;
  const isTimeLimit = caller.reason instanceof DOMException && caller.reason.name === 'TimeoutError';
  return isTimeLimit ? 'deadline' : 'caller';
}

/** Ends a longer work between two of its calls. @throws AppError `cancelled`, or `timeout` when a time limit was up. */
export function refuseAborted(signal: AbortSignal, operation: string): void {
  const interruption = interruptionOf(signal);
  if (interruption) throw interrupted(operation, interruption, signal.reason);
}

/** Our account may not do it, or not yet: a binding takes effect a moment after it was made. */
export function isForbidden(error: unknown): boolean {
  return error instanceof AppError && error.kind === 'unavailable' && error.details['status'] === 403;
}

/** Somebody else was faster to make it. */
export function isAlreadyThere(error: unknown): boolean {
  return error instanceof AppError && error.details['reason'] === 'AlreadyExists';
}

/** A pod cannot be made before the controller has seen the quota of its namespace: that passes by itself. */
export function isQuotaNotSeenYet(error: unknown): boolean {
  return error instanceof AppError && /status unknown for quota/i.test(error.message);
}

/** Others were counted against the same quota at that moment: nothing was made, and the next attempt may pass. */
export function isQuotaContended(error: unknown): boolean {
  return error instanceof AppError && /Operation cannot be fulfilled on resourcequotas/i.test(error.message);
}

export function isQuotaUsedUp(error: unknown): boolean {
  return error instanceof AppError && error.kind === 'exhausted';
}

function parseStatus(body: string): KubeStatus {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return { message: body.trim().slice(0, 500) || undefined };
  }
}

function interrupted(operation: string, by: Interruption, cause: unknown): AppError {
  if (by === 'caller') {
    return new AppError('cancelled', `${operation}: cancelled`, {
      cause,
      publicMessage: 'The operation was cancelled.',
    });
  }
  const publicMessage = 'The infrastructure target did not answer in time.';
  return new AppError('timeout', `${operation}: no answer in time`, { cause, publicMessage });
}

/** Fetch wraps what happened on the socket. */
function innermostFault(thrown: unknown): unknown {
  let current: unknown = thrown;
  while (current instanceof Error && !(current instanceof AppError) && current.cause instanceof Error) {
    current = current.cause;
  }
  return current;
}

function textOf(fault: unknown): string {
  if (!(fault instanceof Error)) return 'unknown fault';
  const { code } = fault as { code?: unknown };
  return typeof code === 'string' ? code : fault.message;
}
