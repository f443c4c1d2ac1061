import { findTestEngine } from '@nalabo/testing';
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { JourneyStack } from './journey-stack.js';

/**
 * A group of tests on a running stack. Without an engine it is skipped by name; with one, nothing may be left on it after
 * any test, and no process after the last.
 */
export async function describeJourney(name: string, declare: (current: () => JourneyStack) => void): Promise<void> {
  const engine = await findTestEngine();
  if ('missing' in engine) {
    describe(name, () => {
      it.skip(`is not tested: ${engine.missing}`);
    });
    return;
  }
  describe(name, () => {
    let stack: JourneyStack;
    beforeAll(async () => {
      stack = await JourneyStack.start();
    });
    afterEach(() => stack.leaveNothing());
    afterAll(() => stack.stop());
    declare(() => stack);
  });
}
