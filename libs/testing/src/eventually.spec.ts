import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';

describe('eventually', () => {
  it('gives the value of the first probe that does not throw', async () => {
    let attempts = 0;
    const probe = (): number => {
      attempts += 1;
      if (attempts < 3) throw new Error('not yet');
      return attempts;
    };
    await expect(eventually(probe, { intervalMs: 1 })).resolves.toBe(3);
  });

  it('throws the last error of the probe when the deadline passes', async () => {
    const probe = (): Promise<never> => Promise.reject(new Error('still absent'));
    await expect(eventually(probe, { timeoutMs: 5, intervalMs: 1 })).rejects.toThrow('still absent');
  });
});
