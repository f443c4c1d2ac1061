import { expect, it } from 'vitest';
import { placeOutput } from './place-output.js';

it.each([
  ['follows', 10, 'abc', { kind: 'next', bytes: Buffer.from('abc') }],
  ['overlaps', 8, 'abc', { kind: 'next', bytes: Buffer.from('c') }],
  ['was there', 7, 'abc', { kind: 'known' }],
  ['leaves a hole', 11, 'abc', { kind: 'ahead' }],
])('a frame that %s', (_, offset, text, expected) => {
  expect(placeOutput(10, offset, Buffer.from(text))).toEqual(expected);
});
