import { describe, expect, it } from 'vitest';
import { exampleContext } from './example-context.cases.js';
import { composePolicy } from './compose-policy.js';
import { readCompose } from './read-compose.js';

const rulesBrokenBy = (file: string): readonly string[] => {
  const read = readCompose(file, exampleContext);
  return 'model' in read ? [] : read.violations.map(({ rule }) => rule);
};
const accepts = (file: string): boolean => 'model' in readCompose(file, exampleContext);

describe.each(composePolicy.tables.map((table) => [table.title, table] as const))('of %s', (_title, table) => {
  it.each(Object.keys(table.rules))('the key %s is judged as its examples say', (key) => {
    const rule = table.rules[key];
    if (!rule) throw new Error('no rule');
    const accepted = rule.verdict === 'ignored' ? rule.accepted : rule.examples.accepted;
    expect(accepts(table.wrap(accepted))).toBe(true);
    if (rule.verdict === 'ignored') return;
    const broken = rulesBrokenBy(table.wrap(rule.examples.refused));
    expect(broken.length).toBeGreaterThan(0);
    expect(new Set(broken)).toEqual(new Set([`${table.id}.${key}`]));
  });

  it('a key that nobody knows is refused, and an extension is left out', () => {
    expect(rulesBrokenBy(table.wrap('new_in_compose: 1'))).toEqual([`${table.id}.unknown-key`]);
    expect(accepts(table.wrap('x-mine: 1'))).toBe(true);
  });
});

const rules = composePolicy.groups.flatMap(({ rules, wrap }) => rules.map((rule) => [rule.id, rule, wrap] as const));

describe('what is no key', () => {
  it.each(rules)('%s is judged as its examples say', (id, { examples }, wrap) => {
    expect(accepts(wrap(examples.accepted))).toBe(true);
    expect(new Set(rulesBrokenBy(wrap(examples.refused)))).toEqual(new Set([id]));
  });
});

it('no two rules have the same id', () => {
  const ids = [
    ...composePolicy.tables.flatMap(({ id, rules: ofTable }) => Object.keys(ofTable).map((key) => `${id}.${key}`)),
    ...rules.map(([id]) => id),
  ];
  expect(ids).toEqual([...new Set(ids)]);
});
