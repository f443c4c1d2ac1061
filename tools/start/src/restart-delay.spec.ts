import { expect, it } from 'vitest';
import { restartDelay } from './restart-delay.js';

it.each([
  ['soon after the first death', [1000], 250],
  ['later after each further death', [1000, 2000, 3000], 2250],
  ['soon again after a healthy minute', [1000, 2000, 3000, 70_000], 250],
  ['not at all after five deaths in a minute', [1000, 2000, 3000, 4000, 5000], undefined],
])('a service is started again %s', (_, deaths, delay) => {
  expect(restartDelay(deaths)).toBe(delay);
});
