import { describe, expect, it } from 'vitest';
import { DependencyWait } from './dependency-wait.js';

const neverHealthy = {
  inspectProcess: () => Promise.resolve({ isRunning: true, exitCode: 0, health: 'starting' as const }),
};
const idOf = (name: string): string => name;
const waiting = (name: string) => ({
  name,
  dependsOn: [{ service: 'database', condition: 'healthy' as const }],
});

describe('to wait for other services', () => {
  it('takes no longer for many than for one, where it does not matter in the end', async () => {
    const patienceMs = 500;
    const wait = new DependencyWait(neverHealthy, idOf, patienceMs, AbortSignal.timeout(20_000));
    const begun = performance.now();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    for (const name of names) await wait.until(waiting(name));
    const taken = performance.now() - begun;
    expect(taken).toBeGreaterThanOrEqual(patienceMs);
    expect(taken).toBeLessThan(patienceMs * names.length);
  });

  it('fails when its time is over, where it matters', async () => {
    const wait = new DependencyWait(neverHealthy, idOf, null, AbortSignal.timeout(300));
    await expect(wait.until(waiting('web'))).rejects.toMatchObject({
      kind: 'timeout',
      publicMessage: 'web was not started: database takes too long',
    });
  });
});
