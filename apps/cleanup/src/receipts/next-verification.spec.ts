import { describe, expect, it } from 'vitest';
import { nextVerification, type OpenReceipt, type Look } from './next-verification.js';

const at = new Date('2026-01-01T12:00:00Z');
const volume = { kind: 'volume', name: 'nalabo-session-a-f0' };
const network = { kind: 'network', name: 'nalabo-session-a' };
const seen = (...left: (typeof volume)[]): Look => ({ at, left });
const away = null;

describe('nextVerification', () => {
  it.each<[string, OpenReceipt, Look | null, ReturnType<typeof nextVerification>]>([
    ['nothing left', { left: null, attempts: 1 }, seen(), { fact: 'verified', againInMilliseconds: null }],
    ['a leak that is gone', { left: [volume], attempts: 4 }, seen(), { fact: 'verified', againInMilliseconds: null }],
    ['a first leak', { left: null, attempts: 1 }, seen(volume), { fact: 'leaked', againInMilliseconds: 5_000 }],
    ['the same leak', { left: [volume], attempts: 2 }, seen(volume), { fact: null, againInMilliseconds: 10_000 }],
    [
      'the same leak in another order',
      { left: [volume, network], attempts: 3 },
      seen(network, volume),
      { fact: null, againInMilliseconds: 20_000 },
    ],
    [
      'a leak that grew',
      { left: [volume], attempts: 2 },
      seen(volume, network),
      { fact: 'leaked', againInMilliseconds: 10_000 },
    ],
    [
      'a leak that shrank',
      { left: [volume, network], attempts: 2 },
      seen(network),
      { fact: 'leaked', againInMilliseconds: 10_000 },
    ],
    ['an old leak', { left: [volume], attempts: 60 }, seen(volume), { fact: null, againInMilliseconds: 300_000 }],
    ['a monitor that is away', { left: null, attempts: 1 }, away, { fact: null, againInMilliseconds: 1_000 }],
    ['a monitor long away', { left: [volume], attempts: 60 }, away, { fact: null, againInMilliseconds: 30_000 }],
  ])('answers to %s', (_, receipt, look, expected) => {
    expect(nextVerification(receipt, look)).toEqual(expected);
  });
});
