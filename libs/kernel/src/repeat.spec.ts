import { describe, expect, it } from 'vitest';
import { repeat } from './repeat.js';

describe('repeat', () => {
  it('goes on after a pass that failed, and ends when the signal aborts', async () => {
    const stop = new AbortController();
    const errors: unknown[] = [];
    let passes = 0;
    const pass = (): Promise<void> => {
      passes += 1;
      if (passes === 3) stop.abort();
      return passes === 1 ? Promise.reject(new Error('boom')) : Promise.resolve();
    };
    await repeat(pass, { intervalMilliseconds: 1, signal: stop.signal, onError: (error) => errors.push(error) });
    expect(passes).toBe(3);
    expect(errors).toHaveLength(1);
  });

  it('runs nothing when the signal has aborted before', async () => {
    let passes = 0;
    const pass = (): Promise<void> => Promise.resolve(void (passes += 1));
    await repeat(pass, { intervalMilliseconds: 1, signal: AbortSignal.abort(), onError: () => undefined });
    expect(passes).toBe(0);
  });
});
