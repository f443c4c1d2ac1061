import { describe, expect, it } from 'vitest';
import { firstOffset, mustPause, nextPiece } from './flow-control.js';

const kib = 1024;

describe('nextPiece', () => {
  it.each([
    ['all was sent', { sent: 100, received: 100 }, { start: 0, end: 100 }, { kind: 'wait' }],
    ['a little is new', { sent: 100, received: 0 }, { start: 0, end: 101 }, { kind: 'send', bytes: 1 }],
    ['much is new', { sent: 0, received: 0 }, { start: 0, end: 900 * kib }, { kind: 'send', bytes: 32 * kib }],
    [
      'the window is nearly full',
      { sent: 250 * kib, received: 0 },
      { start: 0, end: 900 * kib },
      { kind: 'send', bytes: 6 * kib },
    ],
    ['the window is full', { sent: 256 * kib, received: 0 }, { start: 0, end: 900 * kib }, { kind: 'wait' }],
    ['the next byte is the oldest kept', { sent: 7, received: 7 }, { start: 7, end: 8 }, { kind: 'send', bytes: 1 }],
    ['the next byte is gone', { sent: 6, received: 6 }, { start: 7, end: 8 }, { kind: 'lagged' }],
  ])('when %s', (_, progress, kept, expected) => {
    expect(nextPiece(progress, kept)).toEqual(expected);
  });
});

describe('mustPause', () => {
  it.each([
    ['nobody owns the terminal', undefined, 900 * kib, false],
    ['the owner has all but 256 KiB', { sent: 0, received: 0 }, 256 * kib, false],
    ['the owner is one byte further behind', { sent: 0, received: 0 }, 256 * kib + 1, true],
    ['the owner has caught up', { sent: 900 * kib, received: 900 * kib }, 900 * kib, false],
  ])('when %s', (_, owner, end, expected) => {
    expect(mustPause(owner, { start: 0, end })).toBe(expected);
  });
});

describe('firstOffset', () => {
  it.each([
    ['everything that is kept', null, 50],
    ['what is still kept', 70, 70],
    ['more than is kept', 20, 50],
    ['what was never written', 500, 100],
  ])('for a connection that asks for %s', (_, asked, expected) => {
    expect(firstOffset(asked, { start: 50, end: 100 })).toBe(expected);
  });
});
