import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalShells, run } from './local-shells.cases.js';
import { randomNumbers, randomScript } from './random-script.cases.js';

const count = Number(process.env['NALABO_RANDOM_SCRIPTS'] ?? 300);
const seed = Number(process.env['NALABO_RANDOM_SEED'] ?? randomInt(2 ** 31));
const atOnce = 4;

describe(`${count} random scripts of seed ${seed}`, { timeout: 60_000 + count * 1000 }, () => {
  let shells: LocalShells;
  beforeAll(async () => {
    shells = await LocalShells.make();
  });
  afterAll(() => shells.remove());

  it('give the same codes and bytes by lane as by exec', async () => {
    const random = randomNumbers(seed);
    const scripts = Array.from({ length: count }, () => randomScript(random));
    let byLane = 0;
    const compare = async (): Promise<void> => {
      for (let text = scripts.pop(); text !== undefined; text = scripts.pop()) {
        const program = scripts.length % 2 === 0 ? ['sh', '-c', text] : { script: text };
        const lane = await run(shells.lanes, program);
        const exec = await run(shells.execs, program);
        const [told, expected] = [lane, exec].map(({ end, stdout, stderr }) => ({ end, stdout, stderr }));
        expect(told, `seed ${seed}, script:\n${text}`).toEqual(expected);
        if (lane.path === 'lane') byLane += 1;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, compare));
    expect(byLane).toBeGreaterThan(count * 0.9);
  });
});
