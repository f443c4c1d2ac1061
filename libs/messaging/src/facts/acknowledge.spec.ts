import { AppError, type ErrorKind, errorKinds } from '@nalabo/kernel';
import { expect, it } from 'vitest';
import { acknowledge } from './acknowledge.js';

const after = (kind: ErrorKind, deliveryCount: number): string => {
  const verdict = acknowledge(new AppError(kind, 'a failure'), deliveryCount);
  return verdict.action === 'retry' ? `retry after ${verdict.delayMilliseconds}` : verdict.action;
};

it('acknowledges what was handled, at whichever delivery', () => {
  expect(acknowledge(null, 1)).toEqual({ action: 'ack' });
  expect(acknowledge(null, 5)).toEqual({ action: 'ack' });
});

it.each([
  [1, 'retry after 1000'],
  [2, 'retry after 5000'],
  [3, 'retry after 30000'],
  [4, 'retry after 120000'],
  [5, 'dead-letter'],
  [6, 'dead-letter'],
])('answers a passing failure of delivery %i with %s', (deliveryCount, expected) => {
  expect(after('unavailable', deliveryCount)).toBe(expected);
});

it('makes a dead letter at once of what no repetition can mend', () => {
  const retried = errorKinds.filter((kind) => after(kind, 1) !== 'dead-letter');
  expect(retried).toEqual(['exhausted', 'unavailable', 'timeout', 'internal']);
});
