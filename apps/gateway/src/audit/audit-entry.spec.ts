import { describe, expect, it } from 'vitest';
import { auditedKind, isAudited } from './audit-entry.js';

describe('the audit', () => {
  it.each([
    ['POST', 201, true],
    ['DELETE', 202, true],
    ['GET', 200, false],
    ['HEAD', 304, false],
    ['GET', 404, true],
    ['GET', 503, true],
  ])('of %s with %i is kept: %s', (method, status, isKept) => {
    expect(isAudited(method, status)).toBe(isKept);
  });

  it.each([
    [401, 'unauthenticated'],
    [429, 'exhausted'],
    [201, null],
    [415, null],
  ])('names status %i %s', (status, kind) => {
    expect(auditedKind(status)).toBe(kind);
  });
});
