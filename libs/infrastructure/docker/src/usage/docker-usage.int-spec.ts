import { expect, it } from 'vitest';
import { DockerClient } from '../engine/docker.client.js';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { DockerUsage } from './docker-usage.js';

await describeOnEngine('usage', (current) => {
  it('reads much the same from the kernel’s files and from the engine', async () => {
    const { test } = current();
    const spec = await test.ready();
    const client = new DockerClient(test.config);
    const signal = AbortSignal.timeout(30_000);
    const [fromFiles] = await new DockerUsage(client, test.instance, true).sample([spec], signal);
    const [fromEngine] = await new DockerUsage(client, test.instance, false).sample([spec], signal);
    for (const sample of [fromFiles, fromEngine]) {
      expect(sample).toMatchObject({
        sessionId: spec.sessionId,
        cpuSecondsTotal: expect.any(Number),
        memoryBytes: expect.any(Number),
        networkReceivedBytes: expect.any(Number),
        networkSentBytes: expect.any(Number),
        processes: expect.any(Number),
      });
    }
    expect(fromFiles?.processes).toBe(fromEngine?.processes);
    expect(Math.abs((fromFiles?.memoryBytes ?? 0) - (fromEngine?.memoryBytes ?? 0))).toBeLessThan(2 ** 22);
  });
});
