import { describe, expect, it } from 'vitest';
import { decodeOutput, encodeStdin } from './text-encoding.js';

const base64 = (...bytes: number[]) => Buffer.from(bytes).toString('base64');

describe('standard input', () => {
  it('becomes base64 from text and stays base64 when it is', () => {
    expect(encodeStdin('é\n', 'utf8')).toBe('w6kK');
    expect(encodeStdin('AP8=', 'base64')).toBe('AP8=');
    expect(encodeStdin('', 'base64')).toBe('');
  });

  it.each(['a', 'AP8', 'A===', 'w6-_', 'AA==\n'])('that is not base64 is refused (%j)', (stdin) => {
    expect(() => encodeStdin(stdin, 'base64')).toThrow('stdin is not base64');
  });
});

describe('output', () => {
  it.each([
    ['ascii', base64(0x68, 0x69), false, 'hi'],
    ['an invalid byte', base64(0x61, 0xff, 0x62), false, 'a\uFFFDb'],
    ['an incomplete character at the end', base64(0x61, 0xe2, 0x82), false, 'a\uFFFD'],
    ['a character cut by the limit', base64(0x61, 0xe2, 0x82), true, 'a'],
    ['a byte order mark', base64(0xef, 0xbb, 0xbf, 0x61), false, '\uFEFFa'],
    ['nothing', '', true, ''],
  ])('shows %s as text', (_name, bytes, isTruncated, text) => {
    expect(decodeOutput(bytes, 'utf8', isTruncated)).toBe(text);
  });

  it('keeps every byte when base64 is asked', () => {
    expect(decodeOutput(base64(0xff, 0xe2), 'base64', true)).toBe(base64(0xff, 0xe2));
  });
});
