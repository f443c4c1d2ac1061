import { expect, it } from 'vitest';
import { shorten } from './shorten.js';

it.each([
  ['a text that fits', 'abcde', 'abcde'],
  ['a text that is too long', 'abcdef', 'abcd…'],
  ['a character of two units at the cut', 'abc👍e', 'abc…'],
])('keeps the beginning of %s', (_, text, expected) => {
  expect(shorten(text, 5)).toBe(expected);
});
