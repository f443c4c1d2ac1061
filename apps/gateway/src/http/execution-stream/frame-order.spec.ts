import type { OutputFrame } from '@nalabo/contracts';
import { describe, expect, it } from 'vitest';
import { orderAfter, putInOrder } from './frame-order.js';

const end = {
  outcome: 'succeeded',
  exitCode: 0,
  truncated: { stdout: false, stderr: false },
  startFailed: false,
  durationMs: 1,
  path: 'lane',
  leftProcesses: false,
} as const;

/** A number is output; a negative one is the end with that number. */
function frame(seq: number): OutputFrame {
  return seq < 0
    ? { kind: 'finished', seq: -seq, ...end }
    : { kind: 'output', seq, stream: 'stdout', data: Buffer.from(String(seq)).toString('base64') };
}

function arrive(after: number, numbers: readonly number[]) {
  let order = orderAfter(after);
  const due = numbers.map((number) => {
    const ordered = putInOrder(order, frame(number));
    order = ordered.order;
    return ordered.due.map(({ seq }) => seq);
  });
  return { due, order };
}

describe('frames', () => {
  it.each([
    ['in order', -1, [0, 1, 2], [[0], [1], [2]]],
    ['twice', -1, [0, 0, 1, 0, 1, 2], [[0], [], [1], [], [], [2]]],
    ['of which one is late', -1, [0, 2, 3, 1, 4], [[0], [], [], [1, 2, 3], [4]]],
    ['early and twice', -1, [2, 2, 1, 0, 1, 2], [[], [], [], [0, 1, 2], [], []]],
    ['backwards', -1, [3, 2, 1, 0], [[], [], [], [0, 1, 2, 3]]],
    ['for a reader who joins late', 4, [7, 3, 4, 5, 6, 8], [[], [], [], [5], [6, 7], [8]]],
    ['behind the end', -1, [0, -1, 2, 1, -3], [[0], [1], [], [], []]],
    ['with an end before its turn', -1, [0, -3, 1, 2, 4], [[0], [], [1], [2, 3], []]],
    ['for a reader who has the end', 3, [0, 1, -3], [[], [], []]],
  ])('%s are due once each and in order', (_name, after, numbers, due) => {
    expect(arrive(after, numbers).due).toEqual(due);
  });

  it.each([
    ['none came', 5, [], { last: 5, early: [], isFinished: false }],
    ['some are missing', -1, [0, 3, 5], { last: 0, early: [3, 5], isFinished: false }],
    ['what was missing came', -1, [0, 2, 1], { last: 2, early: [], isFinished: false }],
    ['the end came', -1, [0, -1, 7], { last: 1, early: [], isFinished: true }],
  ])('leave the place to go on from when %s', (_name, after, numbers, expected) => {
    const { order } = arrive(after, numbers);
    expect({ ...order, early: [...order.early.keys()] }).toEqual(expected);
  });

  it('in any order give the same', () => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;
    for (let round = 0; round < 200; round += 1) {
      const sent = [...Array.from({ length: 30 }, (_, seq) => seq), -30];
      const twice = [...sent, ...sent.filter(() => random(2) === 0)];
      const shuffled = twice.map((seq) => ({ seq, at: random(1_000) })).sort((left, right) => left.at - right.at);
      const { due } = arrive(
        -1,
        shuffled.map(({ seq }) => seq),
      );
      expect(due.flat()).toEqual(Array.from({ length: 31 }, (_, seq) => seq));
    }
  });
});
