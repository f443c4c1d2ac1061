import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { BuildTurns } from './build-turns.js';

const patient = new AbortController().signal;
let turns: BuildTurns;
let begun: string[];
let end: (() => void) | undefined;

/** Takes until it is told to end. */
const long = (): Promise<void> => turns.take(patient, () => new Promise((resolve) => (end = resolve)));
const short = (name: string, signal = patient): Promise<number> => turns.take(signal, async () => begun.push(name));

beforeEach(() => {
  [turns, begun] = [new BuildTurns(), []];
});

describe('turns', () => {
  it('are taken one after another, in the order in which they were asked for', async () => {
    const all = [long(), short('a'), short('b')];
    await setImmediate();
    expect(begun).toEqual([]);
    end?.();
    await Promise.all(all);
    expect(begun).toEqual(['a', 'b']);
  });

  it('go on after one that failed', async () => {
    const failed = turns.take(patient, () => Promise.reject(new Error('no image')));
    const next = short('next');
    await expect(failed).rejects.toThrow('no image');
    await next;
  });

  it.each([
    ['cancelled', undefined],
    ['unavailable', new DOMException('', 'TimeoutError')],
  ])('are %s for whoever does not wait long enough, and those behind still wait', async (kind, reason) => {
    const impatient = new AbortController();
    const first = long();
    const left = short('left', impatient.signal);
    const next = short('next');
    impatient.abort(reason);
    await expect(left).rejects.toMatchObject({ kind });
    expect(begun).toEqual([]);
    end?.();
    await Promise.all([first, next]);
    expect(begun).toEqual(['next']);
  });
});
