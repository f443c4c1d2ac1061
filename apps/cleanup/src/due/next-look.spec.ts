import { describe, expect, it } from 'vitest';
import { nextLook } from './next-look.js';

const now = new Date('2026-01-01T12:00:00.000Z');
const inMilliseconds = (offset: number): Date => new Date(now.getTime() + offset);

describe('nextLook', () => {
  it.each<[string, Date | null, number]>([
    ['nothing waits', null, 5_000],
    ['the next deadline is far', inMilliseconds(3_600_000), 5_000],
    ['the next deadline is near', inMilliseconds(1_234), 1_234],
    ['the next deadline is now', now, 20],
    ['a deadline has passed already', inMilliseconds(-60_000), 20],
  ])('looks again at the right time when %s', (_, dueAt, expected) => {
    expect(nextLook({ now, dueAt })).toBe(expected);
  });
});
