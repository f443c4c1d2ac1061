import { describe, expect, it } from 'vitest';
import { shortenCommand } from './shorten-command.js';

describe('shortenCommand', () => {
  it.each([
    ['a string that fits', 'x'.repeat(18), 'x'.repeat(18)],
    ['a string that is too long', 'x'.repeat(19), `${'x'.repeat(15)}…`],
    ['control characters, which take six bytes', '\u0001'.repeat(4), '\u0001\u0001…'],
    ['a character of several bytes at the cut', `${'x'.repeat(13)}👍👍`, `${'x'.repeat(13)}…`],
    ['items that fit', ['echo', 'x'.repeat(9)], ['echo', 'x'.repeat(9)]],
    ['an item that is too long', ['echo', 'x'.repeat(20)], ['echo', 'xxxxxx…']],
    ['too many items', ['a', 'b', 'c', 'd', 'e'], ['a', 'b', 'c', 'd', '…']],
    ['one item more than fits', ['echo', '1234567', 'x'], ['echo', '1234567', '…']],
  ])('keeps the beginning of %s', (_, command, expected) => {
    expect(shortenCommand(command, 20)).toEqual(expected);
  });
});
