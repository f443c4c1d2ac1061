import { expect, it } from 'vitest';
import { quantity } from './quantity.js';

it.each([
  ['1253340n', 0.00125334],
  ['500u', 0.0005],
  ['250m', 0.25],
  ['2', 2],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['12264Ki', 12264 * 1024],
  ['20484096', 20484096],
  ['1e3', 1000],
  ['1E', 1e18],
  ['', 0],
  ['much', 0],
  ['1.2.3', 0],
])('the quantity %s is %d', (text, value) => {
  expect(quantity(text)).toBeCloseTo(value, 9);
});
