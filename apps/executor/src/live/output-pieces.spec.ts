import type { OutputStream } from '@nalabo/contracts';
import { describe, expect, it } from 'vitest';
import { piecesOf, sizesOf } from './output-piece.js';
import { OutputPieces } from './output-pieces.js';

type Step = readonly [OutputStream, string | readonly number[]] | 'release' | 'end';

/** The pieces as text with the stream in front, as latin1 so that every byte shows. */
function cut(steps: readonly Step[]): { readonly pieces: readonly string[]; readonly isLeft: readonly boolean[] } {
  const nothing = { kept: Buffer.alloc(0), truncated: false };
  const output = { stdout: { ...nothing }, stderr: { ...nothing } };
  const pieces = new OutputPieces(output, 8);
  const isLeft: boolean[] = [];
  for (const step of steps) {
    if (step === 'release' || step === 'end') {
      pieces[step]();
    } else {
      const [stream, text] = step;
      const bytes = typeof text === 'string' ? Buffer.from(text) : Buffer.from(text);
      output[stream].kept = Buffer.concat([output[stream].kept, bytes]);
      isLeft.push(pieces.grow(stream));
    }
  }
  expect(piecesOf(sizesOf(pieces.all))).toEqual(pieces.all);
  return {
    pieces: pieces.all.map(({ stream, start, end }) => {
      const bytes = output[stream].kept.subarray(start, end);
      return `${stream === 'stdout' ? '1' : '2'}:${bytes.toString('latin1')}`;
    }),
    isLeft,
  };
}

describe('OutputPieces', () => {
  it.each<[string, readonly Step[], readonly string[], readonly boolean[]]>([
    ['nothing of nothing', ['release', 'end'], [], []],
    ['what waits, when its time is over', [['stdout', 'ab'], ['stdout', 'c'], 'release'], ['1:abc'], [true, true]],
    ['whole pieces at once', [['stdout', '0123456789abcdefXY']], ['1:01234567', '1:89abcdef'], [true]],
    ['no empty piece', [['stdout', '01234567'], 'release', 'end'], ['1:01234567'], [false]],
    [
      'the streams in the order in which they began to wait',
      [['stderr', 'e'], ['stdout', 'o'], ['stderr', 'f'], 'release', ['stdout', 'p'], ['stderr', 'g'], 'end'],
      ['2:ef', '1:o', '1:p', '2:g'],
      [true, true, true, true, true],
    ],
    [
      'a character only whole',
      [['stdout', [0x61, 0xe2]], 'release', ['stdout', [0x82, 0xac]], 'release'],
      ['1:a', '1:\u00e2\u0082\u00ac'],
      [true, true],
    ],
    [
      'nothing while only a beginning is there',
      [['stdout', [0xf0]], 'release', ['stdout', [0x9f]], 'release'],
      [],
      [false, false],
    ],
    [
      'the beginning of a character at the end',
      [['stdout', [0x61, 0xe2]], 'release', 'end'],
      ['1:a', '1:\u00e2'],
      [true],
    ],
    [
      'a piece before a character that does not fit',
      [['stdout', [...Buffer.from('0123456€x')]]],
      ['1:0123456'],
      [true],
    ],
    ['bytes that are no text anywhere', [['stdout', Array<number>(9).fill(0xff)]], [`1:${'\u00ff'.repeat(8)}`], [true]],
  ])('cuts %s', (_, steps, pieces, isLeft) => {
    expect(cut(steps)).toEqual({ pieces, isLeft });
  });
});
