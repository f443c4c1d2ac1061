import { describe, expect, it } from 'vitest';
import { MarkerReader } from './marker-reader.js';

const token = 'f00dcafe';
const end = `\x01${token}`;

function read(text: string, size: number): { output: string; word: string | null } {
  const reader = new MarkerReader(token);
  const bytes = Buffer.from(text, 'latin1');
  const output: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size) {
    output.push(Uint8Array.from(reader.push(bytes.subarray(start, start + size))));
  }
  return { output: Buffer.concat(output).toString('latin1'), word: reader.word };
}

describe.each([1, 2, 3, 7, 1000])('MarkerReader, reading %i bytes at a time', (size) => {
  it.each([
    ['nothing but the end', `${end}0 0;`, '', '0 0'],
    ['an end without a word', `text${end};`, 'text', ''],
    ['output without a last newline', `text${end}3 1;`, 'text', '3 1'],
    ['binary output', `\0\xff\x01\x01\0${end}0 0;`, '\0\xff\x01\x01\0', '0 0'],
    ['a marker of something else', `\x01f00dcaff 0 0;${end}1 0;`, '\x01f00dcaff 0 0;', '1 0'],
    ['a beginning of the marker before the marker', `\x01f00d${end}1 0;`, '\x01f00d', '1 0'],
    ['what comes behind the end', `text${end}0 0;late output`, 'text', '0 0'],
    ['an end that has not come', 'text', 'text', null],
    ['a word that does not end', `text${end}${'9'.repeat(100)}`, 'text', ''],
  ])('reads %s', (_, text, output, word) => {
    expect(read(text, size)).toEqual({ output, word });
  });
});

describe('MarkerReader', () => {
  it('holds nothing back but what may be the beginning of the marker', () => {
    const reader = new MarkerReader(token);
    expect(Buffer.from(reader.push(Buffer.from('abc\x01f00'))).toString()).toBe('abc');
    expect(Buffer.from(reader.push(Buffer.from('x'))).toString()).toBe('\x01f00x');
  });
});
