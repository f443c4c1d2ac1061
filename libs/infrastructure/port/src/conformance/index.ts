import { afterAll, beforeAll, describe, it } from 'vitest';
import { NotDeclared, type ConformanceGroup } from './conformance-case.js';
import { applyCases } from './apply.cases.js';
import { applyEndCases } from './apply-ends.cases.js';
import { describeCases } from './describe.cases.js';
import { errorsCases } from './errors.cases.js';
import { execEndCases } from './exec-ends.cases.js';
import { execLaneCases } from './exec-lanes.cases.js';
import { execCases } from './exec.cases.js';
import { initialCases } from './initial.cases.js';
import type { ConformanceHarness } from './harness.js';
import { isolationCases } from './isolation.cases.js';
import { lifecycleCases } from './lifecycle.cases.js';
import { limitsCases } from './limits.cases.js';
import { observeCases } from './observe.cases.js';
import { terminalEndCases } from './terminal-ends.cases.js';
import { terminalCases } from './terminal.cases.js';
import { verifyCase } from './verify-case.js';

export type { AppliedLimits, ConformanceHarness, ForeignObject, ForeignOwner, Isolation } from './harness.js';
export { aComposeModel, anAppliedModel, aService } from '../services/services.cases.js';
export { specFactory } from './spec-factory.js';
export { verifyCase } from './verify-case.js';

export const conformanceGroups: readonly ConformanceGroup[] = [
  describeCases,
  lifecycleCases,
  observeCases,
  execCases,
  execEndCases,
  execLaneCases,
  terminalCases,
  terminalEndCases,
  limitsCases,
  isolationCases,
  applyCases,
  applyEndCases,
  initialCases,
  errorsCases,
];

const generousMilliseconds = 600_000;

export interface ConformanceOptions {
  /**
   * Holds the groups of rules against harnesses of their own at the same time, for backends on which a session takes long
   * to come and go. Default: one harness and one case after the other.
   */
  readonly groupsAtOnce?: boolean;
}

/** Declares one test for each rule of the provider contract (docs/provider-contract.md), against one target. */
export function describeInfrastructureTarget(
  name: string,
  makeHarness: () => Promise<ConformanceHarness>,
  { groupsAtOnce = false }: ConformanceOptions = {},
): void {
  describe(`${name} keeps the provider contract`, { timeout: generousMilliseconds }, () => {
    if (groupsAtOnce) {
      for (const group of conformanceGroups) {
        describe(group.name, { concurrent: true }, () => declareCases([group], makeHarness));
      }
    } else {
      declareCases(conformanceGroups, makeHarness);
    }
  });
}

function declareCases(groups: readonly ConformanceGroup[], makeHarness: () => Promise<ConformanceHarness>): void {
  let harness: ConformanceHarness | undefined;
  beforeAll(async () => {
    harness = await makeHarness();
  }, generousMilliseconds);
  afterAll(async () => {
    await harness?.close();
  }, generousMilliseconds);

  describe.each(groups)('$name', { concurrent: false }, ({ cases }) => {
    it.for(cases)('$rule $states', { concurrent: false }, async (rule, test) => {
      if (!harness) throw new Error('the harness was not made');
      await verifyCase(rule, harness).catch((error: unknown) => {
        if (error instanceof NotDeclared) test.skip(error.message);
        throw error;
      });
    });
  });
}
