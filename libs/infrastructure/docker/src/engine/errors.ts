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

/** What an answer means, and what a client is told of it: the text itself names registries, paths and addresses. */
type Meaning = readonly [kind: ErrorKind, publicMessage: string];

const imageMissing: Meaning = ['unprocessable', 'The image is not available.'];

const meaningByStatus: Readonly<Record<number, Meaning>> = {
  400: ['unprocessable', 'The engine refused the request.'],
  404: ['not_found', 'The infrastructure target has no such object.'],
  409: ['conflict', 'The engine cannot do this in the present state of the session.'],
  503: ['unavailable', 'The infrastructure target is not available.'],
};

const unknownFailure: Meaning = ['internal', 'The engine failed.'];

/** Texts that say more than the status. The first that matches decides. */
const meaningByText: readonly (readonly [RegExp, Meaning])[] = [
  [/pool overlaps with other one/i, ['conflict', 'The subnet of the session is occupied.']],
  [/already exists in network/i, ['conflict', 'The session is in that network already.']],
  [/is not connected to/i, ['not_found', 'The session is not in that network.']],
  [/has active endpoints/i, ['conflict', 'The network of the session is in use.']],
  [/non-overlapping ipv4 address pool/i, ['exhausted', 'The infrastructure target has no subnet left.']],
  [/no space left on device|disk quota exceeded/i, ['exhausted', 'The infrastructure target has no space left.']],
  [
    /executable file not found|exec: .*: (no such file or directory|permission denied)|exec format error/i,
    ['unprocessable', 'The program of the service is not in its image, or cannot be run.'],
  ],
  [
    // Of what runs already, only a workbench is limited anew.
    /cannot update container .+ unable to set memory limit/is,
    ['unprocessable', 'The workbench uses more memory than would be left to it: end some of its programs.'],
  ],
  [/error mounting .+ to rootfs/i, ['unprocessable', 'Something is mounted where its image has no place for it.']],
  [/no such image|invalid reference format|pull access denied|manifest.*(unknown|not found)/i, imageMissing],
  [
    /unauthorized|no basic auth credentials|incorrect username or password|denied: /i,
    ['unprocessable', 'The registry refuses the image to this infrastructure target: its login is missing or wrong.'],
  ],
  [
    /layer verification failed|unexpected eof|size mismatch/i,
    ['unavailable', 'What the registry sent of the image is damaged.'],
  ],
  [
    /(^|\W)(dial tcp|no such host|i\/o timeout|connection refused|tls handshake timeout)/i,
    ['unavailable', 'The infrastructure target cannot reach a server that it needs.'],
  ],
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
  if (interruption) return interrupted(operation, interruption, thrown);
  const options = { cause: thrown };
  const foreign: ForeignError = typeof thrown === 'object' && thrown !== null ? thrown : {};
  if (typeof foreign.statusCode === 'number') return fromAnswer(foreign.statusCode, foreign, operation, options);
  if (isConnectionError(foreign)) return engineAway(operation, String(foreign.code), options);
  return new AppError('internal', `${operation}: ${textOf(foreign)}`, options);
}

/** An error that arrived inside a stream whose status was a success, as a failed pull does. */
export function toStreamError(message: string, operation: string): AppError {
  const [kind, publicMessage] = meaningOf(500, message);
  return new AppError(kind, `${operation}: ${message}`, { publicMessage });
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

/** When the connection broke in the middle of a start, nobody can say whether it was carried out. */
export function toStartError(error: unknown): unknown {
  if (!(error instanceof AppError && error.kind === 'unavailable' && isBrokenConnection(error.cause))) return error;
  const { message, publicMessage } = error;
  return new AppError('timeout', `${message}; it may have been started`, { cause: error, publicMessage });
}

/** Starting what runs already is answered with 304, which the library takes for an error. */
export function isNotModified(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && (thrown as ForeignError).statusCode === 304;
}

function fromAnswer(status: number, foreign: ForeignError, operation: string, options: AppErrorOptions): AppError {
  const text = textOf(foreign);
  const details = status === 404 && missingImagePattern.test(text) ? { missingImage: true } : {};
  const [kind, publicMessage] = meaningOf(status, text);
  return new AppError(kind, `${operation}: ${text}`, { ...options, publicMessage, details });
}

function meaningOf(status: number, text: string): Meaning {
  return meaningByText.find(([pattern]) => pattern.test(text))?.[1] ?? meaningByStatus[status] ?? unknownFailure;
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
