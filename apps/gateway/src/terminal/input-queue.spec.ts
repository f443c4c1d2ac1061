import { expect, it } from 'vitest';
import { InputQueue } from './input-queue.js';

it('gives what was added, in order, by as much as is asked for', () => {
  const queue = new InputQueue();
  for (const text of ['ab', '', 'cde', 'f']) queue.add(Buffer.from(text));
  expect(queue.bytes).toBe(6);
  expect([4, 1, 0, 10, 10].map((limit) => queue.take(limit).toString())).toEqual(['abcd', 'e', '', 'f', '']);
  expect(queue.bytes).toBe(0);
});
