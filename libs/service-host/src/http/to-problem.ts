import { STATUS_CODES } from 'node:http';
import { httpStatusByKind, type Problem } from '@nalabo/contracts';
import { toAppError, type AppError, type ErrorKind, type Violation } from '@nalabo/kernel';

export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly problem: Problem;
}

interface RefusedRequest {
  readonly kind: ErrorKind;
  readonly detail: string;
}

/** The refusals of the HTTP layer itself, which come before any of our code. */
const refusals: Readonly<Record<number, RefusedRequest>> = {
  400: { kind: 'invalid_input', detail: 'The request is malformed.' },
  401: { kind: 'unauthenticated', detail: 'The request carries no valid credentials.' },
  403: { kind: 'forbidden', detail: 'The request is not allowed.' },
  404: { kind: 'not_found', detail: 'There is nothing at this path.' },
  405: { kind: 'invalid_input', detail: 'The method is not supported here.' },
  408: { kind: 'timeout', detail: 'The request took too long to arrive.' },
  413: { kind: 'invalid_input', detail: 'The request body is too large.' },
  415: { kind: 'invalid_input', detail: 'The content type is not supported.' },
  429: { kind: 'exhausted', detail: 'There are too many requests.' },
  431: { kind: 'invalid_input', detail: 'The request headers are too large.' },
  503: { kind: 'unavailable', detail: 'The service is not available at the moment.' },
};

const askToWait: ReadonlySet<number> = new Set([429, 503]);

/** Any thrown value as an answer to the client, by RFC 9457. Nothing of an unknown error is told. */
export function toProblem(thrown: unknown, correlationId: string): ProblemAnswer {
  const refusal = refusedByHttp(thrown);
  if (refusal) return answer(refusal.status, { ...refusal, correlationId });
  const error = toAppError(thrown);
  const violations = violationsOf(error);
  return answer(httpStatusByKind[error.kind], {
    kind: error.kind,
    detail: error.publicMessage,
    correlationId,
    ...(error.details.code === undefined ? {} : { code: error.details.code }),
    ...(violations ? { violations } : {}),
    retryAfterSeconds: error.details.retryAfterSeconds,
  });
}

/** Errors of Nest and Fastify carry a status; their own messages may quote the request and stay inside. */
function refusedByHttp(thrown: unknown): (RefusedRequest & { readonly status: number }) | undefined {
  const status = foreignStatus(thrown);
  if (status === undefined || status < 400) return undefined;
  const refusal = refusals[status] ?? (status < 500 ? refusals[400] : undefined);
  return refusal && { ...refusal, status };
}

function foreignStatus(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if ('getStatus' in thrown && typeof thrown.getStatus === 'function') return Number(thrown.getStatus());
  return 'statusCode' in thrown && typeof thrown.statusCode === 'number' ? thrown.statusCode : undefined;
}

interface ProblemFacts extends Pick<Problem, 'kind' | 'detail' | 'correlationId' | 'code' | 'violations'> {
  readonly retryAfterSeconds?: number | undefined;
}

function answer(status: number, facts: ProblemFacts): ProblemAnswer {
  const { retryAfterSeconds, detail, kind, ...rest } = facts;
  const wait = retryAfterSeconds ?? (askToWait.has(status) ? 1 : undefined);
  const title = STATUS_CODES[status] ?? 'Client Closed Request';
  return {
    status,
    headers: wait === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(wait))) },
    problem: { type: 'about:blank', title, status, detail, kind, ...rest },
  };
}

/** A service may know more of a fault than a client is told. */
function toldOf({ field, message, path, document, line, rule, hint }: Violation): Violation {
  const ofFile = Object.entries({ path, document, line, rule, hint }).filter(([, value]) => value !== undefined);
  return { field, message, ...Object.fromEntries(ofFile) };
}

function violationsOf({ details, publicMessage }: AppError): Problem['violations'] {
  if (details.violations) return details.violations.map(toldOf);
  return details.field === undefined ? undefined : [{ field: details.field, message: publicMessage }];
}
