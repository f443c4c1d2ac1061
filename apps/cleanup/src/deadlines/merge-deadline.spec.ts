import { describe, expect, it } from 'vitest';
import { mergeDeadline, type Deadline } from './merge-deadline.js';

const noon = new Date('2026-01-01T12:00:00Z');
const later = new Date('2026-01-01T13:00:00Z');
const known: Deadline = {
  sessionId: 'abcdefghijklmnopqrstuvwxyz',
  ownerId: 'alice',
  target: 'local-docker',
  state: 'READY',
  expiresAt: noon,
  expiryVersion: 2,
};

describe('mergeDeadline', () => {
  it('takes the news of an unknown session as they are', () => {
    expect(mergeDeadline(undefined, known)).toEqual(known);
  });

  it.each<[string, Partial<Deadline>, Partial<Deadline> | undefined]>([
    ['the same news again', {}, undefined],
    ['a newer expiry', { expiresAt: later, expiryVersion: 3 }, { expiresAt: later, expiryVersion: 3 }],
    ['an older expiry', { expiresAt: later, expiryVersion: 1 }, undefined],
    ['a later state', { state: 'TERMINATING' }, { state: 'TERMINATING' }],
    ['an earlier state', { state: 'REQUESTED' }, undefined],
    [
      'a newer expiry with an earlier state',
      { state: 'PROVISIONING', expiresAt: later, expiryVersion: 3 },
      { expiresAt: later, expiryVersion: 3 },
    ],
    [
      'an older expiry with a later state',
      { state: 'TERMINATING', expiresAt: later, expiryVersion: 1 },
      { state: 'TERMINATING' },
    ],
  ])('answers to %s', (_, news, change) => {
    expect(mergeDeadline(known, { ...known, ...news })).toEqual(change && { ...known, ...change });
  });

  it('ends at the same row whatever the order of the news', () => {
    const news = [
      { ...known, state: 'REQUESTED', expiryVersion: 1 },
      { ...known, expiresAt: later, expiryVersion: 3 },
      { ...known, state: 'TERMINATING' },
    ] satisfies Deadline[];
    const apply = (order: readonly Deadline[]): Deadline | undefined =>
      order.reduce<Deadline | undefined>((row, next) => mergeDeadline(row, next) ?? row, undefined);
    const expected = { ...known, state: 'TERMINATING', expiresAt: later, expiryVersion: 3 };
    expect(apply(news)).toEqual(expected);
    expect(apply(news.toReversed())).toEqual(expected);
  });
});
