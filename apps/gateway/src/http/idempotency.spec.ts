import { describe, expect, it } from 'vitest';
import { digestBody, readIdempotency } from './idempotency.js';

describe('the digest of a body', () => {
  it('does not depend on the order of fields at any depth', () => {
    expect(digestBody({ a: 1, b: { c: [1, 2], d: 'x' } })).toBe(digestBody({ b: { d: 'x', c: [1, 2] }, a: 1 }));
  });

  it.each([[{ a: 2 }], [{ a: '1' }], [{ a: 1, b: null }], [{ a: [1] }]])('differs for another body (%j)', (other) => {
    expect(digestBody(other)).not.toBe(digestBody({ a: 1 }));
  });
});

describe('the idempotency key', () => {
  it('comes with the digest, or is null when not sent', () => {
    expect(readIdempotency('order-42', { a: 1 })).toEqual({ key: 'order-42', digest: digestBody({ a: 1 }) });
    expect(readIdempotency(undefined, {})).toBeNull();
  });

  it.each(['', 'a b', 'é', 'x'.repeat(256)])('is refused when unusable (%j)', (key) => {
    expect(() => readIdempotency(key, {})).toThrow('Idempotency-Key');
  });
});
