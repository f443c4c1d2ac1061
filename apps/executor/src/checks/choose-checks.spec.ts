import { type CheckDefinition, rpcs } from '@nalabo/contracts';
import { describe, expect, it } from 'vitest';
import { chooseChecks } from './choose-checks.js';

const [example] = rpcs.provisioner.getWorkshopChecks.example.reply.checks as CheckDefinition[];
const checks = ['one', 'two', 'three'].map((id) => ({ ...(example as CheckDefinition), id }));

describe('chooseChecks', () => {
  it.each<[string[] | null, string[]]>([
    [null, ['one', 'two', 'three']],
    [['two'], ['two']],
    [
      ['three', 'one'],
      ['one', 'three'],
    ],
    [['two', 'two'], ['two']],
  ])('of %j chooses %j', (names, chosen) => {
    expect(chooseChecks(checks, names).map(({ id }) => id)).toEqual(chosen);
  });

  it('finds no check that the workshop does not have', () => {
    expect(() => chooseChecks(checks, ['one', 'four'])).toThrow(expect.objectContaining({ kind: 'not_found' }));
  });
});
