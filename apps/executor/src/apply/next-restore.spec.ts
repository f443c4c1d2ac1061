import { AppError, type ErrorKind } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { nextRestore } from './next-restore.js';

describe('an apply that could not be taken back', () => {
  it.each([
    [0, 'unavailable', { seconds: 2, attempts: 1 }],
    [1, 'unavailable', { seconds: 4, attempts: 2 }],
    [4, 'internal', { seconds: 32, attempts: 5 }],
    [50, 'unavailable', { seconds: 60, attempts: 51 }],
    [0, 'conflict', { seconds: 2, attempts: 0 }],
    [9, 'conflict', { seconds: 2, attempts: 9 }],
  ] satisfies [number, ErrorKind, object][])('%i times before, now by %s, is looked after %j', (before, kind, next) => {
    expect(nextRestore(before, new AppError(kind, 'no'))).toEqual(next);
  });
});
