import { describe, expect, it } from 'vitest';
import { computingTime } from '../computing-time.cases.js';
import { yamlLimits } from '../yaml/yaml-limits.js';
import { parseManifests } from './parse-manifests.js';

const configMap = (name: string, data = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${data}`;

describe('a file of manifests', () => {
  it('gives every object with its place, and skips empty documents', () => {
    const file = `# first\n---\n${configMap('one')}---\n---\n${configMap('two', '  namespace: apps\ndata: { a: "1" }\n')}`;
    expect(parseManifests(file)).toEqual({
      violations: [],
      objects: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name: 'one',
          namespace: null,
          content: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } },
          document: 1,
          line: 3,
        },
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name: 'two',
          namespace: 'apps',
          content: {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'two', namespace: 'apps' },
            data: { a: '1' },
          },
          document: 3,
          line: 9,
        },
      ],
    });
  });

  it('may hold lists, whose items stand for themselves, and be JSON', () => {
    const item = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
    const list = { apiVersion: 'v1', kind: 'List', items: [item('a'), item('b')] };
    const { objects } = parseManifests(JSON.stringify(list, null, 2));
    expect(objects.map(({ name, line }) => [name, line])).toEqual([
      ['a', 5],
      ['b', 12],
    ]);
  });

  it('may use aliases', () => {
    const file = configMap('a', 'data: &x { k: v }\nmore: *x\n');
    expect(parseManifests(file).objects[0]?.content).toMatchObject({ data: { k: 'v' }, more: { k: 'v' } });
  });

  it.each([
    ['no', 'no'],
    ['0o14', 12],
    ['014', 14],
    ['1:30', '1:30'],
    ['2001-01-01', '2001-01-01'],
    ['~', null],
    ['1.5', 1.5],
  ])('reads %s as YAML 1.2 does', (text, value) => {
    const { objects } = parseManifests(configMap('a', `value: ${text}\n`));
    expect(objects[0]?.content).toHaveProperty('value', value);
  });

  it('takes lines, tabs and every letter', () => {
    const { objects } = parseManifests(configMap('a', 'value: "a\\r\\n\\tb \\u00e9 👍"\n'));
    expect(objects[0]?.content).toHaveProperty('value', 'a\r\n\tb é 👍');
  });

  it('takes every key as a text', () => {
    const { objects } = parseManifests(configMap('a', 'data: { 1: a, true: b, "": c }\n'));
    expect(objects[0]?.content).toHaveProperty('data', { '1': 'a', true: 'b', '': 'c' });
  });

  it.each<[string, string, object[]]>([
    ['nothing', '', [{ path: '', message: 'has no object' }]],
    ['only comments', '# a\n---\n# b\n', [{ message: 'has no object' }]],
    ['a text', 'hello', [{ path: '', document: 1, line: 1 }]],
    ['a sequence', '- a\n', [{ document: 1, line: 1 }]],
    ['no kind', 'apiVersion: v1\nmetadata: { name: a }\n', [{ path: 'kind', message: 'is needed', line: 1 }]],
    ['no metadata', 'apiVersion: v1\nkind: A\n', [{ path: 'metadata', message: 'is needed' }]],
    [
      'a generated name',
      'apiVersion: v1\nkind: A\nmetadata:\n  generateName: a-\n',
      [{ path: 'metadata.name', message: 'is needed', line: 3 }],
    ],
    ['a name that is a path', configMap('../../secrets'), [{ path: 'metadata.name', line: 4 }]],
    ['a namespace that is a path', configMap('a', '  namespace: ..\n'), [{ path: 'metadata.namespace', line: 5 }]],
    ['a name that is a number', configMap('7'), [{ path: 'metadata.name', line: 4 }]],
    [
      'a key twice',
      configMap('a', 'data:\n  b: 1\n  b: 2\n'),
      [{ message: expect.stringContaining('"b" twice'), line: 7 }],
    ],
    ['a key twice, written in two ways', configMap('a', 'data: { 1: a, "1": b }\n'), [{ line: 5 }]],
    ['a tag of a language', configMap('a', 'data: !!js/function "x"\n'), [{ line: 5 }]],
    ['a binary tag', configMap('a', 'data: !!binary aGVsbG8=\n'), [{ line: 5 }]],
    ['an own tag', configMap('a', 'data: !own { a: 1 }\n'), [{ line: 5 }]],
    ['a directive', `%YAML 1.1\n---\n${configMap('a')}`, [{ message: expect.stringContaining('directive') }]],
    ['a mapping as a key', configMap('a', 'data: { { a: 1 }: 2 }\n'), [{ line: 5 }]],
    ['a tab for an indentation', configMap('a', 'data:\n\tb: 1\n'), [{ line: 6 }]],
    ['an unknown alias', configMap('a', 'data: *nowhere\n'), [{ line: 5 }]],
    ['an infinite number', configMap('a', 'data: .inf\n'), [{ path: 'data', line: 5 }]],
    [
      'a number that JSON would round',
      configMap('a', 'data: [12345678901234567890]\n'),
      [{ path: 'data[0]', line: 5 }],
    ],
    ['the prototype', configMap('a', 'data:\n  __proto__: { x: 1 }\n'), [{ path: 'data.__proto__', line: 6 }]],
    [
      'a reserved label',
      configMap('a', '  labels:\n    nalabo.io/session: other\n'),
      [{ path: 'metadata.labels.nalabo.io/session', line: 6 }],
    ],
    ['a cycle of aliases', configMap('a', 'data: &x [*x]\n'), [{ message: expect.stringContaining('nested') }]],
    ['a NUL behind an escape', configMap('"a\\0b"'), [{ path: 'metadata.name', line: 4 }]],
    ['a NUL in a value', configMap('a', 'data:\n  x: "a\\0b"\n'), [{ path: 'data.x', line: 6 }]],
    ['a NUL as it is', configMap('a', 'data: { x: "a\0b" }\n'), [{ path: 'data.x', line: 5 }]],
    ['a control character in a key', configMap('a', 'data:\n  "x\\ty": 1\n'), [{ path: 'data.x\uFFFDy', line: 6 }]],
    ['a line break in a name', configMap('"a\\nb"'), [{ path: 'metadata.name', line: 4 }]],
    ['half a character behind an escape', configMap('a', 'data: { x: "\\ud800" }\n'), [{ path: 'data.x', line: 5 }]],
    ['half a character in a key', configMap('a', 'data: { "\\udc00": x }\n'), [{ path: 'data.\uFFFD', line: 5 }]],
    ['half a character', configMap('a', 'data: "\ud800"\n'), [{ message: 'is not well-formed Unicode' }]],
  ])('is refused with its place when it has %s', (_, file, expected) => {
    const { objects, violations } = parseManifests(file);
    expect(objects).toEqual([]);
    expect(violations).toMatchObject(expected);
  });

  it('is refused with all its faults at once, at most fifty', () => {
    const file = ['kind: A\n', configMap('a'), 'apiVersion: v1\n'].join('---\n');
    expect(parseManifests(file).violations).toMatchObject([
      { path: 'apiVersion', document: 1, line: 1 },
      { path: 'metadata', document: 1, line: 1 },
      { path: 'kind', document: 3, line: 8 },
      { path: 'metadata', document: 3, line: 8 },
    ]);
    expect(parseManifests('a: 1\n---\n'.repeat(40)).violations).toHaveLength(50);
  });

  const manyAliases = `a: &a x\nb: [${'*a,'.repeat(51)}]\n`;
  const bomb = [
    'a0: &a0 [x,x,x,x]',
    ...Array.from({ length: 10 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i},*a${i},*a${i},*a${i}]`),
  ];
  const reservedKeys = Array.from({ length: 19_800 }, (_, i) => `nalabo.io/${i.toString(36)}:,`).join('');
  const fill = (unit: string): string => unit.repeat(Math.floor(yamlLimits.bytes / unit.length));
  it.each([
    ['too many bytes', `a: ${'x'.repeat(yamlLimits.bytes)}`, 'larger than'],
    ['deep sequences', '['.repeat(100_000), 'nested'],
    ['deep mappings', '{a: '.repeat(100_000), 'nested'],
    ['deep compact sequences', '- '.repeat(100_000), 'nested'],
    ['deep explicit keys', '? '.repeat(100_000), 'nested'],
    ['deep block mappings', Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''), 'nested'],
    ['many values', fill('- a\n'), 'words'],
    ['many keys', fill('a:\n'), 'words'],
    ['many different keys', Array.from({ length: 60_000 }, (_, i) => `k${i}:\n`).join(''), 'words'],
    ['many values without anything', `[${fill(',')}`.slice(0, 700_000), 'words'],
    ['many documents', fill('---\n'), 'documents'],
    ['many aliases', manyAliases, 'aliases'],
    ['an alias bomb', bomb.join('\n'), 'values'],
    ['a bomb of long texts', [`a0: &a0 ${'x'.repeat(500_000)}`, ...bomb.slice(1, 7)].join('\n'), 'aliases followed'],
    ['many values under the limit of words', `[${'a,'.repeat(25_000)}]`, 'values'],
    ['many objects', Array.from({ length: 51 }, (_, i) => configMap(`n${i}`)).join('---\n'), 'objects'],
    [
      'a list of many objects',
      JSON.stringify({
        kind: 'List',
        items: Array(200).fill({ apiVersion: 'v1', kind: 'A', metadata: { name: 'a' } }),
      }),
      'objects',
    ],
    ['many comments', fill('#\n'), 'words'],
    ['many empty lines', fill('\n'), 'words'],
    ['many anchors', fill('&a '), 'words'],
    ['many tags', fill('!a '), 'words'],
    ['many directives', fill('%A\n'), 'directive'],
    ['an endless quotation', `"${fill('a\n').slice(0, 700_000)}`, 'closing "quote'],
    ['an endless block', `a: |\n${fill(' \n').slice(0, 700_000)}`, 'needed'],
    ['many colons', fill(': '), 'nested'],
    ['many keys of one line', fill('a: '), 'nested'],
    ['many faults far inside', `{d: ${'{k: '.repeat(44)}{${reservedKeys}}${'}'.repeat(44)}}`, 'reserved'],
    ['many faults in a list', `{kind: List, items: [${'{a: {}},'.repeat(6000)}]}`, 'needed'],
  ])('is refused at once when it has %s', (_, file, message) => {
    const took = computingTime(() => {
      const { objects, violations } = parseManifests(file);
      expect(objects).toEqual([]);
      expect(violations.map((violation) => violation.message).join()).toContain(message);
    });
    expect(took).toBeLessThan(2_000);
  });

  it('of the largest size and an ordinary form is read in a moment', () => {
    const text = `data:\n  text: |\n${'    some line of text\n'.repeat(30_000)}`;
    const took = computingTime(() => expect(parseManifests(configMap('large', text)).violations).toEqual([]));
    expect(took).toBeLessThan(2_000);
  });
});
