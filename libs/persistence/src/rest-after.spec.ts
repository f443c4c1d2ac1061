import { describe, expect, it } from 'vitest';
import { restAfter } from './rest-after.js';

describe('restAfter', () => {
  it.each<[string, false | number, number]>([
    ['nothing waits', false, 5_000],
    ['what is due next is far', 3_600_000, 5_000],
    ['what is due next is near', 1_233.4, 1_234],
    ['something is due now', 0, 20],
    ['something has been due already', -60_000, 20],
  ])('rests the right time when %s', (_, answer, expected) => {
    expect(restAfter(answer, 5_000)).toBe(expected);
  });
});
