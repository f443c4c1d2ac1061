import { describe, expect, it } from 'vitest';
import { advance, type CpuCounter, type CpuRate } from './cpu-counter.js';

const start = new Date('2026-01-01T00:00:00Z');
const later = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);
const rate = (cores: number): CpuRate => ({ cores, windowSeconds: 15 });

describe('a CPU counter made of rates', () => {
  it('starts with what the first window has used', () => {
    expect(advance(undefined, rate(0.5), start)).toEqual({ secondsTotal: 7.5, at: start });
  });

  it.each<[string, cores: number, seconds: number, added: number]>([
    ['grows by the rate for the time since the last look', 0.5, 10, 5],
    ['stands still for an idle session', 0, 10, 0],
    ['stands still when nothing has passed', 2, 0, 0],
    ['does not fall when the clock is set back', 2, -30, 0],
    ['takes a rate for five minutes at most', 1, 86_400, 300],
  ])('%s', (_case, cores, seconds, added) => {
    const counter: CpuCounter = { secondsTotal: 100, at: start };
    expect(advance(counter, rate(cores), later(seconds))).toEqual({ secondsTotal: 100 + added, at: later(seconds) });
  });
});
