import type { UsageSample } from '@nalabo/infrastructure-port';
import { aComposeModel, aService } from '@nalabo/infrastructure-port/conformance';
import { eventually } from '@nalabo/testing';
import { expect, it } from 'vitest';
import { DockerClient } from '../engine/docker.client.js';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { DockerUsage } from './docker-usage.js';

/** A service has little of a processor to fill its memory with. */
const patience = { timeoutMs: 60_000, intervalMs: 200 };

await describeOnEngine('usage', (current) => {
  it('reads much the same from the kernel’s files and from the engine', async () => {
    const { test } = current();
    const spec = await test.ready();
    const client = new DockerClient(test.config);
    const signal = AbortSignal.timeout(170_000);
    // One is read after the other, and something of the start may end between them.
    await eventually(async () => {
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
    }, patience);
  });

  it('counts the services of a session with its workbench, and with nobody else’s', async () => {
    const { test } = current();
    const limits = { cpuMillicores: 1000, memoryBytes: 2 ** 29, storageBytes: 2 ** 30 };
    const [spec, other] = [await test.ready({ limits }), await test.ready()];
    const client = new DockerClient(test.config);
    const signal = AbortSignal.timeout(170_000);
    const look = async (isLocal: boolean): Promise<readonly UsageSample[]> =>
      new DockerUsage(client, test.instance, isLocal).sample([spec, other], signal);
    const before = await look(true);
    const command = ['sh', '-c', 'x=$(head -c 20000000 /dev/zero | tr "\\0" x); sleep infinity & sleep infinity'];
    const compose = aComposeModel(aService('busy', { image: 'nalabo/workbench:dev', command }));
    const request = { model: { type: 'compose', compose, files: new Map() }, current: null, limits } as const;
    await test.target.apply?.apply(await test.target.apply.plan(spec, request, signal), signal);
    for (const isLocal of [true, false]) {
      await eventually(async () => {
        const [used, idle] = await look(isLocal);
        // An init, a shell and two sleeping programs.
        expect(used?.processes).toBe((before[0]?.processes ?? 0) + 4);
        expect((used?.memoryBytes ?? 0) - (before[0]?.memoryBytes ?? 0)).toBeGreaterThan(20_000_000);
        expect(idle?.processes).toBe(before[1]?.processes);
      }, patience);
    }
  });
});
