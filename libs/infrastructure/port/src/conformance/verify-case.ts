import { ConformanceContext } from './conformance-context.js';
import type { ConformanceCase } from './conformance-case.js';
import type { ConformanceHarness } from './harness.js';

/** Holds a target to one rule, and to leaving nothing behind whether or not the rule held. */
export async function verifyCase(rule: ConformanceCase, harness: ConformanceHarness): Promise<void> {
  const context = new ConformanceContext(harness);
  const failures: unknown[] = [];
  await rule.verify(context).catch((error: unknown) => failures.push(error));
  await context.cleanUp().catch((error: unknown) => failures.push(error));
  if (failures.length > 1) throw new AggregateError(failures, failures.map(String).join('\nand then: '));
  if (failures.length === 1) throw failures[0];
}
