import { describe, expect, it } from 'vitest';
import { summarize, type TargetFigures } from './summarize.js';

const sample = (cpuMillicores: number | null, memoryBytes: number | null) => ({ cpuMillicores, memoryBytes });

describe('summarize', () => {
  it.each<[number, ReturnType<typeof sample>[], TargetFigures]>([
    [0, [], { unreachable: 0, sessions: 0, cpuMillicores: 0, memoryBytes: 0 }],
    [2, [sample(10, 1), sample(20, 2)], { unreachable: 0, sessions: 2, cpuMillicores: 30, memoryBytes: 3 }],
    [2, [sample(null, 1), sample(20, 2)], { unreachable: 0, sessions: 2, cpuMillicores: 20, memoryBytes: 3 }],
    [1, [sample(null, 1)], { unreachable: 0, sessions: 1, memoryBytes: 1 }],
  ])('adds up %i sessions with %j', (sessions, samples, expected) => {
    expect(summarize(sessions, samples)).toEqual(expected);
  });
});
