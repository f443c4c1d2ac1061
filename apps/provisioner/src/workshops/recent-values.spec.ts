import { beforeEach, expect, it } from 'vitest';
import { RecentValues } from './recent-values.js';

let made: string[];
let values: RecentValues<string | null>;
const ask = (key: string, value: string | null = key): Promise<string | null> =>
  values.of(key, async () => {
    made.push(key);
    return value;
  });

beforeEach(() => {
  [made, values] = [[], new RecentValues(2)];
});

it('a value is made once, also when it is nothing', async () => {
  expect([await ask('a', null), await ask('a'), await ask('b'), await ask('b')]).toEqual([null, null, 'b', 'b']);
  expect(made).toEqual(['a', 'b']);
});

it('what was not asked for the longest gives way', async () => {
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(key);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

it('what could not be made is asked for again', async () => {
  await expect(values.of('a', () => Promise.reject(new Error('not now')))).rejects.toThrow('not now');
  expect(await ask('a')).toBe('a');
});
