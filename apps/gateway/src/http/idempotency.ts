import { createHash } from 'node:crypto';
import { AppError } from '@nalabo/kernel';

export interface Idempotency {
  readonly key: string;
  /** The SHA-256 of the canonical body, so that the same key with another body is noticed. */
  readonly digest: string;
}

const keyPattern = /^[\x21-\x7e]{1,255}$/;

function sortKeys(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The digest does not depend on the order of fields nor on white space. */
export function digestBody(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body, sortKeys)).digest('hex');
}

/** Null without an `Idempotency-Key`; `invalid_input` when it is not 1 to 255 visible ASCII characters. */
export function readIdempotency(header: string | undefined, body: unknown): Idempotency | null {
  if (header === undefined) return null;
  if (keyPattern.test(header)) return { key: header, digest: digestBody(body) };
  throw new AppError('invalid_input', 'Idempotency-Key must be 1 to 255 visible ASCII characters.', {
    details: { field: 'Idempotency-Key' },
  });
}
