/** The closed list of what can go wrong, independent of any transport. A new kind needs a decision record. */
export const errorKinds = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'gone',
  'unprocessable',
  'exhausted',
  'unavailable',
  'timeout',
  'cancelled',
  'internal',
] as const;

export type ErrorKind = (typeof errorKinds)[number];

/** One fault of a request. */
export interface Violation {
  /** A dotted path in the body. Of a fault in a file that the request carries: the field that carries it. */
  readonly field: string;
  readonly message: string;
  /** The rest is told of a fault in a file. A dotted path in its document, empty for the whole of it. */
  readonly path?: string | undefined;
  /** The document and the line, both from 1. */
  readonly document?: number | undefined;
  readonly line?: number | undefined;
  /** The rule that is broken, and what to write instead. */
  readonly rule?: string | undefined;
  readonly hint?: string | undefined;
}

/** Small structured facts about an error. They may reach a client, so they never hold a secret. */
export interface ErrorDetails {
  /** The request field at fault, as a dotted path, for example `resources.cpu`. */
  readonly field?: string;
  /** Every field at fault, when there is more than one. */
  readonly violations?: readonly Violation[];
  /** What a program can tell apart within a kind, for example `policy_violation`. */
  readonly code?: string;
  /** When a retry is worth trying, in seconds. */
  readonly retryAfterSeconds?: number;
  readonly [name: string]: unknown;
}

export interface AppErrorOptions {
  readonly cause?: unknown;
  readonly details?: ErrorDetails;
  /** What a client is told instead of `message`, when `message` names internals. */
  readonly publicMessage?: string;
}

/** The one error class of the platform. `message` is for operators: what was attempted, with identifiers. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly details: ErrorDetails;
  readonly publicMessage: string;

  constructor(kind: ErrorKind, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'AppError';
    this.kind = kind;
    this.details = options.details ?? {};
    this.publicMessage = options.publicMessage ?? (kind === 'internal' ? 'An internal error occurred.' : message);
  }
}

const retryableKinds: ReadonlySet<ErrorKind> = new Set(['exhausted', 'unavailable', 'timeout', 'internal']);

/** Whether the same attempt may succeed later without anybody changing the request. */
export function isRetryable(error: AppError): boolean {
  return retryableKinds.has(error.kind);
}
