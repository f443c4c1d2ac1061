import { AppError } from '@nalabo/kernel';
import { QueryFailedError } from 'typeorm';

const retryAfterSeconds = 2;

const unavailableCodes = new Set(['57P01', '57P02', '57P03', '53300', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);
const networkCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']);
const timeoutCodes = new Set(['57014', '55P03', '25P03']);
const conflictCodes = new Set(['40001', '40P01']);
const uniqueViolation = '23505';

/** The driver has no codes for these: a connection that ended or never came, and a client-side query deadline. */
const connectionMessage =
  /^Connection terminated|timeout exceeded when trying to connect|not queryable|pool after calling end/;
const queryDeadlineMessage = 'Query read timeout';

/** Two transactions got into each other's way and PostgreSQL undid this one: the same work may succeed at once. */
export function isTransactionConflict(thrown: unknown): boolean {
  return conflictCodes.has(driverFault(thrown)?.code ?? '');
}

/** Errors of the database become AppErrors; whatever else was thrown is given back as it is. */
export function translatePgError(thrown: unknown): unknown {
  const fault = driverFault(thrown);
  if (fault === undefined) return thrown;
  const { code, message } = fault;
  const cause = thrown;
  if (isConnectionFault(fault)) return databaseUnavailable(thrown);
  if (timeoutCodes.has(code) || message === queryDeadlineMessage) {
    return new AppError('timeout', `the database took too long: ${message}`, {
      cause,
      publicMessage: 'The database took too long.',
      details: { retryAfterSeconds },
    });
  }
  if (conflictCodes.has(code) || code === uniqueViolation) {
    const publicMessage = 'The change collided with another one.';
    return new AppError('conflict', `the database refused a collision: ${message}`, { cause, publicMessage });
  }
  return new AppError('internal', `the database refused a statement: ${message}`, { cause });
}

export function databaseUnavailable(cause?: unknown): AppError {
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  return new AppError('unavailable', `the database is not reachable${reason}`, {
    cause,
    publicMessage: 'The database is not reachable.',
    details: { retryAfterSeconds },
  });
}

interface DriverFault {
  readonly code: string;
  readonly message: string;
}

function driverFault(thrown: unknown): DriverFault | undefined {
  if (thrown instanceof AppError || !(thrown instanceof Error)) return undefined;
  const error: Error & { code?: unknown } = thrown instanceof QueryFailedError ? thrown.driverError : thrown;
  const fault = { code: typeof error.code === 'string' ? error.code : '', message: error.message };
  const isOurs = thrown instanceof QueryFailedError || 'severity' in error || isConnectionFault(fault);
  return isOurs || fault.message === queryDeadlineMessage ? fault : undefined;
}

function isConnectionFault({ code, message }: DriverFault): boolean {
  const byCode = code.startsWith('08') || unavailableCodes.has(code) || networkCodes.has(code);
  return byCode || connectionMessage.test(message);
}
