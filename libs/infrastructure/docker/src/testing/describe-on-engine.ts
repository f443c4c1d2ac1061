import { findTestEngine } from '@nalabo/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestTarget } from './test-target.js';

/** Sessions take an engine that is busy several times as long to make. */
const timeout = 180_000;

/** What a test works with; a new installation for each test. */
export interface OnEngine {
  readonly test: TestTarget;
  readonly socketPath: string;
}

/** A group of tests on a real engine. Without one it is skipped by name; with one nothing may be left after any test. */
export async function describeOnEngine(name: string, declare: (current: () => OnEngine) => void): Promise<void> {
  const engine = await findTestEngine();
  if ('missing' in engine) {
    describe(name, () => {
      it.skip(`is not tested: ${engine.missing}`);
    });
    return;
  }
  describe(name, { timeout }, () => {
    let test: TestTarget;
    beforeEach(() => {
      test = new TestTarget(engine.socketPath);
    });
    afterEach(async () => {
      expect(await test.leftovers(), 'left on the engine after the test').toEqual([]);
    });
    declare(() => ({ test, socketPath: engine.socketPath }));
  });
}
