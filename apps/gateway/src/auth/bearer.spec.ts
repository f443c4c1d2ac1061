import { expect, it } from 'vitest';
import { readBearer } from './bearer.js';

it.each([
  ['Bearer abc', 'abc'],
  ['bearer abc', 'abc'],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['Bearer a b', undefined],
  ['Basic abc', undefined],
  ['abc', undefined],
  [undefined, undefined],
])('reads the token of %j as %j', (header, token) => {
  expect(readBearer(header)).toBe(token);
});
