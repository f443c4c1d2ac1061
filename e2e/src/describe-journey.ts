import { findTestEngine } from '@nalabo/testing';
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { type JourneyOptions, JourneyStack } from './journey-stack.js';

/** Declares tests on the stack that is running when they run. */
export type DeclareJourney = (current: () => JourneyStack) => void;

/**
 * A group of tests on a running stack. Without an engine it is skipped by name; with one, nothing may be left on it after
 * any test, and no process after the last.
 */
export async function describeJourney(name: string, declare: DeclareJourney): Promise<void> {
  const engine = await findTestEngine();
  if ('missing' in engine) skipped(name, engine.missing);
  else onStack(name, { kubernetes: false }, declare);
}

/** The same with the cluster of KUBECONFIG as a further target; skipped by name when it is not set. */
export async function describeKubernetesJourney(name: string, declare: DeclareJourney): Promise<void> {
  const engine = await findTestEngine();
  if (!process.env['KUBECONFIG']) skipped(name, 'KUBECONFIG is not set');
  else if ('missing' in engine) skipped(name, engine.missing);
  else onStack(name, { kubernetes: true }, declare);
}

function skipped(name: string, reason: string): void {
  describe(name, () => {
    it.skip(`is not tested: ${reason}`);
  });
}

function onStack(name: string, options: JourneyOptions, declare: DeclareJourney): void {
  describe(name, () => {
    let stack: JourneyStack;
    beforeAll(async () => {
      stack = await JourneyStack.start(options);
    });
    afterEach(() => stack.leaveNothing());
    afterAll(() => stack.stop());
    declare(() => stack);
  });
}
