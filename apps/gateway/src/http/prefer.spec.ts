import { expect, it } from 'vitest';
import { preferredWaitSeconds, prefersAsync } from './prefer.js';

it.each([
  ['wait=10', 10],
  ['WAIT="10"', 10],
  ['respond-async, wait=5', 5],
  ['wait=5; foo=bar', 5],
  ['wait=0', 0],
  ['wait=99999', 120],
  ['wait=3, wait=9', 3],
  [['return=minimal', 'wait=4'], 4],
  ['wait', undefined],
  ['wait=-1', undefined],
  ['wait=1.5', undefined],
  ['wait=abc', undefined],
  ['await=10', undefined],
  ['', undefined],
  [undefined, undefined],
])('reads %j as %j seconds', (header, seconds) => {
  expect(preferredWaitSeconds(header)).toBe(seconds);
});

it.each([
  ['respond-async', true],
  ['Respond-Async', true],
  ['wait=5, respond-async', true],
  ['respond-async; foo', true],
  [['wait=1', 'respond-async'], true],
  ['respond-asynchronously', false],
  ['wait=5', false],
  ['', false],
  [undefined, false],
])('reads %j as asynchronous: %j', (header, expected) => {
  expect(prefersAsync(header)).toBe(expected);
});
