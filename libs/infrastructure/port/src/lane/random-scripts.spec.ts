import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalShells, run, type Ran } from './local-shells.cases.js';
import { randomNumbers, randomScript } from './random-script.cases.js';

const count = Number(process.env['NALABO_RANDOM_SCRIPTS'] ?? 300);
/** The same scripts in every run; others are tried by naming another seed. */
const seed = Number(process.env['NALABO_RANDOM_SEED'] ?? 1);
const atOnce = 4;
const mostExecs = 20;

describe(`${count} random scripts of seed ${seed}`, { timeout: 60_000 + count * 1000 }, () => {
  let shells: LocalShells;
  beforeAll(async () => {
    shells = await LocalShells.make();
  });
  afterAll(() => shells.remove());

  it('give the same codes and bytes by lane as by exec', async () => {
    const random = randomNumbers(seed);
    const scripts = Array.from({ length: count }, () => randomScript(random));
    // In a folder that nobody else writes to, for what the scripts make of a `*`.
    const place = { workingDirectory: `${shells.directory}/bin` };
    let byLane = 0;
    let racing = 0;
    const compare = async (): Promise<void> => {
      for (let text = scripts.pop(); text !== undefined; text = scripts.pop()) {
        const program = scripts.length % 2 === 0 ? ['sh', '-c', text] : { script: text };
        const lane = await run(shells.lanes, program, place);
        const expected: object[] = [];
        // Some scripts race with themselves, the more the busier the machine: what any exec of theirs gives will do.
        while (expected.length < mostExecs && !expected.some((exec) => isDeepStrictEqual(exec, whatCame(lane)))) {
          expected.push(whatCame(await run(shells.execs, program, place)));
        }
        if (expected.length > 1) racing += 1;
        expect(expected, `seed ${seed}, script:\n${text}`).toContainEqual(whatCame(lane));
        if (lane.path === 'lane') byLane += 1;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, compare));
    expect(byLane).toBeGreaterThan(count * 0.9);
    expect(racing).toBeLessThan(1 + count * 0.05);
  });
});

function whatCame({ end, stdout, stderr }: Ran): object {
  return { end, stdout, stderr };
}
