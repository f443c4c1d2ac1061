import { describe, expect, it } from 'vitest';
import { applyHolder, hasToEnd, isBusy, refuseApply } from './refuse-apply.js';

const now = new Date('2026-01-01T12:00:00Z');
const at = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const base = {
  id: 'a'.repeat(26),
  state: 'READY',
  desired: 'present',
  expiresAt: at(60),
  leaseHolder: 'replica',
  leaseUntil: at(9),
} as const;

describe('the refusal of an apply', () => {
  it.each([
    [{ state: 'TERMINATED' }, 'gone', false],
    [{ expiresAt: at(0) }, 'gone', false],
    [{ state: 'TERMINATING' }, 'conflict', false],
    [{ desired: 'absent' }, 'conflict', false],
    [{ state: 'PROVISIONING' }, 'conflict', false],
    [{ leaseHolder: applyHolder('another') }, 'conflict', false],
    [{}, 'conflict', true],
    [{ leaseHolder: applyHolder('another'), leaseUntil: at(-1) }, 'conflict', true],
    [{ leaseHolder: null, leaseUntil: null }, 'conflict', true],
  ] as const)('for a session with %j is %s, worth another try at once: %s', (fields, kind, busy) => {
    const error = refuseApply({ ...base, ...fields }, now);
    expect({ kind: error.kind, busy: isBusy(error) }).toEqual({ kind, busy });
    expect(error.publicMessage).not.toContain('row');
  });
});

describe('a session', () => {
  it.each([
    [{}, false],
    [{ desired: 'absent' }, true],
    [{ expiresAt: at(0) }, true],
  ] as const)('with %j has to end: %s', (fields, expected) => {
    expect(hasToEnd({ ...base, ...fields }, now)).toBe(expected);
  });
});
