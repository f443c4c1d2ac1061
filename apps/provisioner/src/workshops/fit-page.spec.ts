import { describe, expect, it } from 'vitest';
import { fitPage } from './fit-page.js';

describe('fitPage', () => {
  it.each<[string[], number, number]>([
    [[], 10, 0],
    [['one', 'two'], 12, 2],
    [['one', 'two'], 11, 1],
    [['a very long one', 'two'], 4, 1],
    [['é', 'é', 'é'], 10, 2],
  ])('of %j within %i bytes takes the first %i', (items, maximumBytes, count) => {
    expect(fitPage(items, maximumBytes)).toEqual(items.slice(0, count));
  });
});
