import { AppError } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { TurnLoop, type TurnPartner } from './turn-loop.js';

type Turn = Parameters<TurnPartner['ask']>[0];
const kib = 1024;
const loops: TurnLoop[] = [];

/** An executor that answers when the test lets it. */
function aLoop({ room = 64 * kib, received = 0 } = {}) {
  const loop = new TurnLoop();
  loops.push(loop);
  const turns: Turn[] = [];
  const answers: PromiseWithResolvers<{ sent: number; room: number }>[] = [];
  const ask = (turn: Turn) => {
    turns.push(turn);
    const answer = Promise.withResolvers<{ sent: number; room: number }>();
    answers.push(answer);
    return answer.promise;
  };
  const sent: number[] = [];
  const over = loop.run({ received, ask, afterTurn: (offset) => sent.push(offset) });
  return {
    loop,
    turns,
    sent,
    over,
    typed: () => turns.map(({ input }) => Buffer.from(input, 'base64').toString()),
    answer: (reply: { sent?: number; room?: number } = {}) => answers.at(-1)?.resolve({ sent: 0, room, ...reply }),
    fail: (error: unknown) => answers.at(-1)?.reject(error),
  };
}

afterEach(() => loops.splice(0).forEach((loop) => loop.stop()));

describe('TurnLoop', () => {
  it('begins with a turn, and sends what comes during one with the next, at once', async () => {
    const { loop, turns, typed, answer } = aLoop({ received: 7 });
    expect(turns).toEqual([{ turn: 1, input: '', size: null, received: 7, rewind: false }]);
    for (const text of ['a', 'b', 'c']) loop.type(Buffer.from(text));
    loop.resize({ columns: 10, rows: 10 });
    loop.resize({ columns: 90, rows: 30 });
    answer();
    await eventually(() => expect(typed()).toEqual(['', 'abc']));
    expect(turns[1]).toMatchObject({ turn: 2, size: { columns: 90, rows: 30 } });
    answer();
    loop.type(Buffer.from('d'));
    await eventually(() => expect(typed()).toEqual(['', 'abc', 'd']));
    expect(turns[2]).toMatchObject({ size: null });
  });

  it('keeps what was typed before it began', async () => {
    const loop = new TurnLoop();
    loops.push(loop);
    loop.type(Buffer.from('early'));
    const turns: Turn[] = [];
    const ask = (turn: Turn) => {
      turns.push(turn);
      return Promise.resolve({ sent: 0, room: 1 });
    };
    void loop.run({ received: 0, ask, afterTurn: () => undefined });
    await eventually(() => expect(turns).toMatchObject([{ input: Buffer.from('early').toString('base64') }]));
  });

  it('sends no more input than there is room for, and asks again while there is none', async () => {
    const { loop, typed, answer } = aLoop();
    answer({ room: 2 });
    loop.type(Buffer.from('abcde'));
    await eventually(() => expect(typed()).toEqual(['', 'ab']));
    answer({ room: 0 });
    await eventually(() => expect(typed()).toEqual(['', 'ab', '']));
    answer({ room: 10 });
    await eventually(() => expect(typed()).toEqual(['', 'ab', '', 'cde']));
  });

  it('acknowledges by large steps, never backwards', async () => {
    const { loop, turns, answer } = aLoop();
    answer();
    await eventually(() => {
      loop.acknowledge(63 * kib);
      loop.acknowledge(10);
      expect(turns).toHaveLength(1);
    });
    loop.acknowledge(64 * kib);
    await eventually(() => expect(turns.map(({ received }) => received)).toEqual([0, 64 * kib]));
  });

  it('repeats a turn that got no answer, with the same number and content', async () => {
    const { loop, turns, answer, fail, sent } = aLoop();
    answer();
    loop.type(Buffer.from('x'));
    await eventually(() => expect(turns).toHaveLength(2));
    fail(new AppError('unavailable', 'cut off'));
    await eventually(() => expect(turns).toHaveLength(3));
    expect(turns[2]).toEqual(turns[1]);
    answer({ sent: 9 });
    await eventually(() => expect(sent).toEqual([0, 9]));
  });

  it('asks for what was lost, once for each time it is told', async () => {
    const { loop, turns, answer } = aLoop();
    loop.rewind();
    answer();
    await eventually(() => expect(turns.map(({ rewind }) => rewind)).toEqual([false, true]));
    answer();
    loop.type(Buffer.from('x'));
    await eventually(() => expect(turns.map(({ rewind }) => rewind)).toEqual([false, true, false]));
  });

  it('ends with a refusal, and when it is stopped', async () => {
    const refused = aLoop();
    refused.fail(new AppError('not_found', 'over'));
    await expect(refused.over).rejects.toMatchObject({ kind: 'not_found' });
    const stopped = aLoop();
    stopped.answer();
    await eventually(() => expect(stopped.sent).toHaveLength(1));
    stopped.loop.stop();
    await stopped.over;
  });
});
