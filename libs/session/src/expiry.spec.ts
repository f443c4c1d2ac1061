import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endsBy, extend, remainingSeconds } from './expiry.js';

const now = new Date('2026-01-01T12:00:00Z');
const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);

describe('expiry', () => {
  it('ends a workbench five minutes after the ceiling of its workshop', () => {
    expect(endsBy(now, 480)).toEqual(minutes(485));
  });

  it.each([
    ['counts from now', minutes(10), 60, { kind: 'extended', expiresAt: minutes(60) }],
    ['never shortens', minutes(100), 60, { kind: 'unchanged' }],
    ['stops at the ceiling', minutes(10), 1000, { kind: 'extended', expiresAt: minutes(480) }],
    ['changes nothing at the ceiling', minutes(480), 1000, { kind: 'unchanged' }],
    ['refuses an expired session', minutes(0), 60, { kind: 'expired' }],
  ])('an extension %s', (_, expiresAt, duration, expected) => {
    expect(extend({ expiresAt, endsBy: minutes(485) }, duration, now)).toEqual(expected);
  });

  it('keeps every extension between the old expiry and the ceiling', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 480 }), fc.integer({ min: 1, max: 10_080 }), (expires, duration) => {
        const result = extend({ expiresAt: minutes(expires), endsBy: minutes(485) }, duration, now);
        return result.kind !== 'extended' || (result.expiresAt > minutes(expires) && result.expiresAt <= minutes(480));
      }),
    );
  });

  it('has no negative time left', () => {
    expect(remainingSeconds(minutes(-1), now)).toBe(0);
    expect(remainingSeconds(minutes(1), now)).toBe(60);
  });
});
