import { describe, expect, it } from 'vitest';
import { subnetCount, subnetIndexOf, subnetOf } from './subnets.js';

describe('subnetOf', () => {
  it.each([
    [0, '10.213.0.0/28'],
    [1, '10.213.0.16/28'],
    [15, '10.213.0.240/28'],
    [16, '10.213.1.0/28'],
    [4095, '10.213.255.240/28'],
  ])('cuts number %i from the pool as %s', (index, subnet) => {
    expect(subnetOf(index)).toBe(subnet);
    expect(subnetIndexOf(subnet)).toBe(index);
  });

  it.each([
    [1, '10.214.0.16/28'],
    [2, '10.215.0.16/28'],
    [3, '10.216.0.16/28'],
  ])('cuts that of further network %i from a pool of its own', (network, subnet) => {
    expect(subnetOf(1, network)).toBe(subnet);
    expect(subnetIndexOf(subnet)).toBeUndefined();
  });

  it('gives every index its own subnet', () => {
    const subnets = new Set(Array.from({ length: subnetCount }, (_, index) => subnetOf(index)));
    expect(subnets.size).toBe(4096);
  });

  it.each([-1, 4096, 0.5, NaN])('refuses %s, which is outside the pool', (index) => {
    expect(() => subnetOf(index)).toThrow(RangeError);
  });

  it.each([-1, 4, 0.5])('refuses a network %s, which no session has', (network) => {
    expect(() => subnetOf(0, network)).toThrow(RangeError);
  });

  it.each(['10.213.0.8/28', '10.213.0.0/24', '10.213.256.0/28', '172.17.0.0/16', ''])(
    'has no number for %s',
    (subnet) => expect(subnetIndexOf(subnet)).toBeUndefined(),
  );
});
