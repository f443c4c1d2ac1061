import { sessionObjectName } from '@nalabo/infrastructure-port';
import { expect, it, onTestFinished } from 'vitest';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { AttackBench } from './attack-bench.cases.js';
import { smuggled } from './escape-rows.cases.js';

const manyApplies = 400_000;

await describeOnEngine('a model that no rule has let through', (current) => {
  it('makes nothing that leaves its session', { timeout: manyApplies }, async () => {
    const bench = await AttackBench.start(current().socketPath);
    onTestFinished(() => bench.stop());
    const { attacker, bystander, image } = bench;
    const before = await bench.traceOf(attacker);
    for (const { what, model, isMade } of smuggled(sessionObjectName(bystander.sessionId))) {
      const services = model.services.map((service) => ({ ...service, image, command: ['sleep', 'infinity'] }));
      const objects = await bench.apply(attacker, { ...model, services });
      expect(
        objects.every(({ action }) => action !== 'failed'),
        what,
      ).toBe(isMade);
      await bench.expectConfined(attacker);
      const { Networks } = (await bench.inspect(bystander)).NetworkSettings;
      expect(Object.keys(Networks), what).toEqual([sessionObjectName(bystander.sessionId)]);
    }
    await bench.apply(attacker, { services: [], networks: [], volumes: [], folders: [] });
    expect(await bench.traceOf(attacker)).toEqual(before);
  });
});
