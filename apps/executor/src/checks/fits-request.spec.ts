import { checkDefinitionSchema, checkLimits, checkWaits } from '@nalabo/contracts';
import { describe, expect, it } from 'vitest';
import { fitsRequest } from './fits-request.js';

const check = (timeoutSeconds: number, count: number, intervalSeconds: number) =>
  checkDefinitionSchema.parse({
    id: 'one',
    title: 'One',
    script: 'true',
    timeoutSeconds,
    retries: { count, intervalSeconds },
  });

describe('fitsRequest', () => {
  it.each([
    [check(10, 0, 1), 0, true],
    [check(10, 0, 1), 115_000, true],
    [check(10, 0, 1), 115_001, false],
    [check(10, 5, 2), 55_000, true],
    [check(10, 5, 2), 55_001, false],
    [check(15, 5, 6), 0, true],
  ])('of check %# after %i ms says %s', (definition, elapsedMs, expected) => {
    expect(fitsRequest(definition, elapsedMs)).toBe(expected);
  });

  it('leaves time for the longest check of all', () => {
    expect(checkWaits.deadlineMs).toBeGreaterThan(checkLimits.longestCheckSeconds * 1000);
  });
});
