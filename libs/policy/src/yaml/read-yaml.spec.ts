import { describe, expect, it } from 'vitest';
import { readYaml } from './read-yaml.js';
import { type YamlLimits, yamlLimits } from './yaml-limits.js';
import { yamlRules } from './yaml-rules.js';

const limits: YamlLimits = { bytes: 200, documents: 2, depth: 5, tokens: 60, aliases: 2, nodes: 12 };

describe('a YAML file', () => {
  it.each<[string, keyof typeof yamlRules, number | null]>([
    ['a'.repeat(201), 'size', null],
    [`a: &a ${'x'.repeat(90)}\nb: [*a]\nc: *a\n`, 'size', 1],
    ['"\ud800"', 'unicode', null],
    ['a:\n  - b\n  c: d', 'syntax', 3],
    ['a: 1\nb: !own x', 'syntax', 2],
    ['%YAML 1.1\n---\na: 1', 'directive', 1],
    ['a: 1\nb: 2\na: 3', 'repeatedKey', 3],
    ['a: 1\n---\nb: 1\n---\nc: 1\n', 'documents', 5],
    ['[[[[[[[[[', 'depth', 1],
    ['a: &a [*a]', 'depth', 1],
    [`[${'a,'.repeat(60)}]`, 'tokens', 1],
    ['a: &a 1\nb: [*a, *a]\nc: *a', 'aliases', 3],
    ['a: 1\nb: *a', 'anchor', 2],
    [`[${'a,'.repeat(14)}]`, 'nodes', 1],
    ['a:\n  b: "\\0"', 'character', 2],
    ['a: 1\n"\\b": 1', 'character', 2],
    ['a:\n  nalabo.io/a: 1', 'reservedName', 2],
    ['__proto__:\n  a: 1', 'reservedName', 1],
    ['a: 1\nb: .inf', 'number', 2],
    ['a: 90071992547409931', 'number', 1],
  ])('with %j breaks the rule %s', (text, rule, line) => {
    const { contents, violations } = readYaml(text, limits);
    expect(contents).toEqual([]);
    expect(violations[0]).toMatchObject({ rule: yamlRules[rule].id, hint: yamlRules[rule].hint, line });
  });

  it('tells where each of its values begins', () => {
    const { contents } = readYaml('# one\na:\n  b:\n    - c\n    - d: &e\n        f: 1\ng: *e\n', yamlLimits);
    const lineOf = (...path: (string | number)[]): number | undefined => contents[0]?.lineOf(path);
    expect([lineOf(), lineOf('a'), lineOf('a', 'b'), lineOf('a', 'b', 0), lineOf('a', 'b', 1, 'd', 'f')]).toEqual([
      2, 2, 3, 4, 6,
    ]);
    expect([lineOf('a', 'nowhere', 'x'), lineOf('a', 'b', 7), lineOf('g', 'f'), lineOf('nowhere')]).toEqual([
      2, 3, 7, 2,
    ]);
  });

  it('skips documents that hold nothing, and counts them', () => {
    const { contents } = readYaml('# nothing\n---\n---\na: 1\n', limits);
    expect(contents.map(({ document, value }) => [document, value])).toEqual([[2, { a: 1 }]]);
  });
});
