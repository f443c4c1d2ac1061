import { describe, expect, it } from 'vitest';
import { cpuMillicores } from './cpu-rate.js';

const reading = (second: number, cpuSecondsTotal: number | null) => ({ at: new Date(second * 1000), cpuSecondsTotal });

describe('cpuMillicores', () => {
  it.each([
    [reading(0, 10), reading(10, 15), 500],
    [reading(0, 10), reading(10, 10), 0],
    [reading(0, 10), reading(10, 40), 3000],
    [reading(0, 10), reading(61, 15), null],
    [reading(10, 10), reading(10, 15), null],
    [reading(20, 10), reading(10, 15), null],
    [reading(0, 10), reading(10, 1), null],
    [reading(0, null), reading(10, 1), null],
    [reading(0, 10), reading(10, null), null],
    [undefined, reading(10, 15), null],
  ])('between %j and %j is %j', (previous, current, expected) => {
    expect(cpuMillicores(previous, current)).toBe(expected);
  });
});
