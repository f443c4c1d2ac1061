import { AppError, type AppErrorOptions, type ErrorKind } from '@nalabo/kernel';

/** The only place where what an engine or its connection says becomes an AppError. */

/** Who stopped a call before the engine answered. */
export type Interruption = 'deadline' | 'caller';

const connectionCodes = new Set([
  'EACCES',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'EPROTO',
  'ETIMEDOUT',
]);

const kindByStatus: Readonly<Record<number, ErrorKind>> = {
  400: 'unprocessable',
  404: 'not_found',
  409: 'conflict',
  503: 'unavailable',
};

/** Texts that say more than the status. The first that matches decides. */
const kindByText: readonly (readonly [RegExp, ErrorKind])[] = [
  [/pool overlaps with other one/i, 'conflict'],
  [/has active endpoints/i, 'conflict'],
  [/non-overlapping ipv4 address pool/i, 'exhausted'],
  [/no space left on device|disk quota exceeded/i, 'exhausted'],
  [/no such image|invalid reference format|pull access denied|manifest.*(unknown|not found)/i, 'unprocessable'],
  [/unauthorized|incorrect username or password|denied: /i, 'unprocessable'],
  [/(^|\W)(dial tcp|no such host|i\/o timeout|connection refused|tls handshake timeout)/i, 'unavailable'],
];

const missingImagePattern = /no such image/i;

/** What the engine said, as far as the library kept it. */
interface ForeignError {
  readonly statusCode?: unknown;
  readonly json?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

/** @param operation What was attempted, with identifiers and without secrets, for example `create network nalabo-…`. */
export function toEngineError(thrown: unknown, operation: string, interruption?: Interruption): AppError {
  if (thrown instanceof AppError) return thrown;
  const options = { cause: thrown };
  if (interruption === 'caller') return new AppError('cancelled', `${operation}: cancelled`, options);
  if (interruption === 'deadline') return new AppError('timeout', `${operation}: no answer in time`, options);
  const foreign: ForeignError = typeof thrown === 'object' && thrown !== null ? thrown : {};
  if (typeof foreign.statusCode === 'number') return fromAnswer(foreign.statusCode, foreign, operation, options);
  if (isConnectionError(foreign)) return engineAway(operation, String(foreign.code), options);
  return new AppError('internal', `${operation}: ${textOf(foreign)}`, options);
}

/** An error that arrived inside a stream whose status was a success, as a failed pull does. */
export function toStreamError(message: string, operation: string): AppError {
  return new AppError(kindOf(500, message), `${operation}: ${message}`);
}

/** Whether a container could not be made only because its image must be pulled first. */
export function isMissingImage(error: unknown): boolean {
  return error instanceof AppError && error.details['missingImage'] === true;
}

/** Whether the connection broke, so that a repeated idempotent call may meet a fresh one. */
export function isBrokenConnection(thrown: unknown): boolean {
  const { code } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as ForeignError;
  return code === 'EPIPE' || code === 'ECONNRESET';
}

/** Starting what runs already is answered with 304, which the library takes for an error. */
export function isNotModified(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && (thrown as ForeignError).statusCode === 304;
}

function fromAnswer(status: number, foreign: ForeignError, operation: string, options: AppErrorOptions): AppError {
  const text = textOf(foreign);
  const details = status === 404 && missingImagePattern.test(text) ? { missingImage: true } : {};
  return new AppError(kindOf(status, text), `${operation}: ${text}`, { ...options, details });
}

function kindOf(status: number, text: string): ErrorKind {
  return kindByText.find(([pattern]) => pattern.test(text))?.[1] ?? kindByStatus[status] ?? 'internal';
}

function isConnectionError({ code }: ForeignError): boolean {
  return typeof code === 'string' && (connectionCodes.has(code) || code.includes('CERT') || code.startsWith('ERR_TLS'));
}

function engineAway(operation: string, code: string, options: AppErrorOptions): AppError {
  return new AppError('unavailable', `${operation}: the Docker engine does not answer (${code})`, {
    ...options,
    publicMessage: 'The infrastructure target does not answer.',
    details: { retryAfterSeconds: 5 },
  });
}

function textOf({ json, message }: ForeignError): string {
  const said = typeof json === 'object' && json !== null ? (json as { message?: unknown }).message : undefined;
  if (typeof said === 'string') return said.trim();
  return typeof message === 'string' ? message.trim() : 'unknown error';
}
