import { AppError, ManualClock } from '@nalabo/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { BuildProof } from './build-proof.js';

const limited = new AppError('unprocessable', 'build image a: The command returned a non-zero code: 77');
const minute = 60_000;

let clock: ManualClock;
let builds: number;
let end: AppError | undefined;
let proof: BuildProof;

beforeEach(() => {
  [clock, builds, end] = [new ManualClock(), 0, limited];
  const build = (): Promise<void> => {
    builds += 1;
    return end ? Promise.reject(end) : Promise.resolve();
  };
  proof = new BuildProof({ image: 'a', labels: {}, tag: 'a' }, build, clock);
});

describe('the limit of builds', () => {
  it('is tried out once for builds that follow each other', async () => {
    await Promise.all([proof.prove(), proof.prove()]);
    clock.advance(50 * minute);
    await proof.prove();
    expect(builds).toBe(1);
  });

  it('is tried out again after a while, because a machine that was started again may have lost it', async () => {
    await proof.prove();
    clock.advance(61 * minute);
    end = undefined;
    await expect(proof.prove()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('is tried out again at once where it did not hold', async () => {
    end = undefined;
    await expect(proof.prove()).rejects.toMatchObject({ kind: 'unavailable' });
    end = limited;
    await proof.prove();
    expect(builds).toBe(2);
  });
});
