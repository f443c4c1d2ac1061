import { describe, expect, it } from 'vitest';
import { subnetCount, subnetOf } from './subnets.js';

describe('subnetOf', () => {
  it.each([
    [0, '10.213.0.0/28'],
    [1, '10.213.0.16/28'],
    [15, '10.213.0.240/28'],
    [16, '10.213.1.0/28'],
    [4095, '10.213.255.240/28'],
  ])('cuts number %i from the pool as %s', (index, subnet) => {
    expect(subnetOf(index)).toBe(subnet);
  });

  it('gives every index its own subnet', () => {
    const subnets = new Set(Array.from({ length: subnetCount }, (_, index) => subnetOf(index)));
    expect(subnets.size).toBe(4096);
  });

  it.each([-1, 4096, 0.5, NaN])('refuses %s, which is outside the pool', (index) => {
    expect(() => subnetOf(index)).toThrow(RangeError);
  });
});
