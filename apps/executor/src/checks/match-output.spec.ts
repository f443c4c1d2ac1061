import { describe, expect, it } from 'vitest';
import { matchOutput } from './match-output.js';

describe('matchOutput', () => {
  it.each<[string, string, boolean]>([
    ['^hello$', 'hello\n', true],
    ['^hello$', 'first\nhello\nlast\n', true],
    ['^hello$', 'hello world\n', false],
    ['hello', '', false],
    ['^$', '', true],
    ['^é{2}👍$', 'éé👍', true],
    [String.raw`^\p{Lu}+$`, 'ÉÀ\n', true],
    ['hello.world', 'hello\nworld', false],
  ])('looks for %j in %j', (source, text, expected) => {
    expect(matchOutput(source, text)).toBe(expected);
  });

  it.each([
    ['(a+)+$', `${'a'.repeat(64 * 1024 - 1)}b`],
    ['.*.*.*=.*', 'x'.repeat(64 * 1024)],
    [String.raw`^(\w+\s?)*$`, `${'word '.repeat(12_000)}!`],
  ])('gives up on %s in a text that never lets it end', (source, text) => {
    const begun = performance.now();
    expect(matchOutput(source, text)).toBeNull();
    expect(performance.now() - begun).toBeLessThan(3000);
  });
});
