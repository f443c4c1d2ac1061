import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DispatcherPool } from './dispatcher-pool.js';

describe('a pool of connections', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('is shared by the calls of a minute, and outlives the last of them by the time to send a request', () => {
    const pool = new DispatcherPool();
    const [first, unused, second] = [new Agent(), new Agent(), new Agent()];
    expect(pool.take(first)).toBe(first);
    expect(pool.take(unused)).toBe(first);
    vi.advanceTimersByTime(60_001);
    expect(pool.take(second)).toBe(second);
    vi.advanceTimersByTime(5000);
    expect(first.closed).toBe(false);
    vi.advanceTimersByTime(5000);
    expect(first.closed).toBe(true);
    expect(second.closed).toBe(false);
  });
});
