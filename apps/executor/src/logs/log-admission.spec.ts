import { serviceLogLimits } from '@nalabo/contracts';
import { describe, expect, it } from 'vitest';
import { mustWait, refuseEnded, refuseReader } from './log-admission.js';

const { readersPerSession, untakenBytes } = serviceLogLimits;

describe('one more reader of the logs of a session', () => {
  it.each([
    [0, undefined],
    [readersPerSession - 1, undefined],
    [readersPerSession, 'exhausted'],
    [readersPerSession + 1, 'exhausted'],
  ])('beside %i others is refused as %s', (others, kind) => {
    expect(refuseReader(others)?.kind).toBe(kind);
  });
});

describe('a log that is being opened', () => {
  it.each([
    ['session_over', 'conflict'],
    ['shutdown', 'unavailable'],
    ['lost', undefined],
    ['left', undefined],
    [undefined, undefined],
  ] as const)('and has ended as %s is refused as %s', (end, kind) => {
    expect(refuseEnded(end)?.kind).toBe(kind);
  });
});

describe('a log', () => {
  it.each([
    [0, 0, false],
    [untakenBytes - 1, 0, false],
    [untakenBytes, 0, true],
    [untakenBytes + 10, 10, true],
    [untakenBytes + 10, 11, false],
  ])('of which %i bytes are sent and %i taken waits: %s', (sent, taken, waits) => {
    expect(mustWait(sent, taken)).toBe(waits);
  });
});
