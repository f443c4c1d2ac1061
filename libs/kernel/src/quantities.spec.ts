import { describe, expect, it } from 'vitest';
import { parseBytes, parseCpuMillicores } from './quantities.js';

describe('quantities', () => {
  it.each([
    ['2000m', 2000],
    ['2', 2000],
    ['0m', 0],
    ['1.5', undefined],
    ['-1', undefined],
    ['2000mm', undefined],
    ['', undefined],
    ['1e3', undefined],
  ])('reads the CPU quantity %j as %j millicores', (text, expected) => {
    expect(parseCpuMillicores(text)).toBe(expected);
  });

  it.each([
    ['4Gi', 4 * 2 ** 30],
    ['20Gi', 20 * 2 ** 30],
    ['512Mi', 512 * 2 ** 20],
    ['1024', 1024],
    ['1G', 1e9],
    ['4gi', undefined],
    ['4 Gi', undefined],
    ['999999999999999Ti', undefined],
    ['-4Gi', undefined],
  ])('reads the byte quantity %j as %j bytes', (text, expected) => {
    expect(parseBytes(text)).toBe(expected);
  });
});
