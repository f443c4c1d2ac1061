import { describe, expect, it } from 'vitest';
import { judgeDependency } from './judge-dependency.js';

const running = (health: string | null) => ({ isRunning: true, exitCode: 0, health });
const ended = (exitCode: number) => ({ isRunning: false, exitCode, health: null });

describe('a dependency', () => {
  it.each([
    ['started', running(null), 'met'],
    ['healthy', running('healthy'), 'met'],
    ['healthy', running('starting'), 'open'],
    ['healthy', running('unhealthy'), 'is not healthy'],
    ['healthy', ended(1), 'has ended with code 1'],
    ['completed', running(null), 'open'],
    ['completed', ended(0), 'met'],
    ['completed', ended(3), 'has ended with code 3'],
  ] as const)('on %s is judged by what runs', (condition, process, verdict) => {
    expect(judgeDependency(condition, process)).toBe(verdict);
  });
});
