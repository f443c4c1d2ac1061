import { describe, expect, it } from 'vitest';
import { chooseApiVersion } from './api-version.js';

describe('chooseApiVersion', () => {
  it.each([
    ['an engine of the tested version', '1.41', '1.12', '1.41'],
    ['a newer engine that still speaks it', '1.50', '1.24', '1.41'],
    ['a newer engine that has dropped it', '1.52', '1.44', '1.44'],
    ['an older engine', '1.40', '1.12', '1.40'],
    ['an engine with a one-digit minor', '1.9', undefined, '1.9'],
  ])('speaks to %s', (_, newest, oldest, expected) => {
    expect(chooseApiVersion({ newest, oldest })).toBe(expected);
  });
});
