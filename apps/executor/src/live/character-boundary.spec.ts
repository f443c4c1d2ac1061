import { describe, expect, it } from 'vitest';
import { completeLength } from './character-boundary.js';

describe('completeLength', () => {
  it.each<[string, readonly number[], number]>([
    ['nothing', [], 0],
    ['text', [0x61, 0x62], 2],
    ['the first of two bytes', [0x61, 0xc3], 1],
    ['a character of two bytes', [0x61, 0xc3, 0xa9], 3],
    ['one of three bytes', [0xe2], 0],
    ['two of three bytes', [0x61, 0xe2, 0x82], 1],
    ['a character of three bytes', [0xe2, 0x82, 0xac], 3],
    ['three of four bytes', [0x61, 0xf0, 0x9f, 0x91], 1],
    ['a character of four bytes', [0xf0, 0x9f, 0x91, 0x8d], 4],
    ['a character and the beginning of the next', [0xc3, 0xa9, 0xc3], 2],
    ['continuations alone', [0x80, 0x80, 0x80, 0x80], 4],
    ['one continuation too many', [0xc3, 0xa9, 0xa9], 3],
    ['bytes that begin nothing', [0xff, 0xfe, 0xc0], 3],
  ])('of %s', (_, bytes, expected) => {
    expect(completeLength(Uint8Array.from(bytes))).toBe(expected);
  });
});
