import { describe, expect, it } from 'vitest';
import { byType, empty, flag, listOf, mapOf, oneOf, readAs, text, wholeNumber } from './form.js';
import { keysOf, type RuleTable } from './rule-table.js';
import { type Findings, Scope } from './scope.js';

const word = text({ pattern: /^[a-z]+$/, longest: 5, says: 'a word' });
const examples = { accepted: '', refused: '' };
const rules = {
  image: { verdict: 'allowed', form: word, hint: 'Write a word.', examples },
  size: { verdict: 'allowed', form: wholeNumber(1, 3), hint: '', examples },
  flags: { verdict: 'allowed', form: listOf(flag, 2), hint: '', examples },
  limits: { verdict: 'allowed', form: mapOf(word, oneOf(['low', 'high']), 2), hint: '', examples },
  command: {
    verdict: 'allowed',
    form: byType({ text: readAs(word, (one) => [one]), list: listOf(word, 3) }),
    hint: '',
    examples,
  },
  body: { verdict: 'allowed', form: byType<unknown>({ nothing: empty, text: word }), hint: '', examples },
  tty: { verdict: 'ignored', note: 'Nobody sits there.', accepted: '' },
  privileged: { verdict: 'refused', reason: 'it ends all isolation', hint: 'Leave it out.', examples },
} as const;
const table: RuleTable<typeof rules> = {
  id: 'thing',
  title: 'a thing',
  rules,
  required: ['image'],
  wrap: (example) => example,
};

function read(value: unknown) {
  const findings: Findings = { broken: [], notes: [] };
  const model = keysOf(table).read(value, new Scope({ id: 'thing', message: '', hint: '' }, ['a'], findings));
  const broken = findings.broken.map(({ path, rule, message }) => `${path.join('.')} ${rule}: ${message}`);
  return { model, broken, notes: findings.notes };
}

describe('a table of rules', () => {
  it('reads what is allowed, and only that', () => {
    const { model, broken, notes } = read({
      image: 'nginx',
      size: 2,
      command: 'run',
      body: null,
      tty: true,
      'x-mine': {},
    });
    expect(broken).toEqual([]);
    expect(model).toEqual({ image: 'nginx', size: 2, command: ['run'], body: null });
    expect(notes).toEqual([{ path: ['a', 'tty'], message: 'Nobody sits there.' }]);
  });

  it('finds everything that is wrong at once, each at its place and under its rule', () => {
    const { model, broken } = read({
      size: 4,
      flags: [true, 'yes'],
      limits: { low: 'low', HIGH: 'none' },
      command: ['a', 1],
      privileged: false,
      devices: [],
    });
    expect(model).toBeUndefined();
    expect(broken).toEqual([
      'a thing.missing-key: image is missing',
      'a.size thing.size: must be a whole number from 1 to 3',
      'a.flags.1 thing.flags: must be true or false',
      'a.limits.HIGH thing.limits: must be a word',
      'a.limits.HIGH thing.limits: must be one of low, high',
      'a.command.1 thing.command: must be a word',
      'a.privileged thing.privileged: is refused: it ends all isolation',
      'a.devices thing.unknown-key: is not a key that is read here',
    ]);
  });

  it.each([
    ['a text for a map', 'text', 'a thing: must be a thing'],
    ['too long a list', { image: 'a', flags: [true, true, true] }, 'a.flags thing.flags: has more than 2 entries'],
    [
      'too large a map',
      { image: 'a', limits: { a: 'low', b: 'low', c: 'low' } },
      'a.limits thing.limits: has more than 2 entries',
    ],
    ['too long a text', { image: 'abcdef' }, 'a.image thing.image: is longer than 5 characters'],
    [
      'a type that has no form',
      { image: 'a', command: 7 },
      'a.command thing.command: must be a word, or a list of at most 3, each a word',
    ],
    ['a number with a fraction', { image: 'a', size: 1.5 }, 'a.size thing.size: must be a whole number from 1 to 3'],
  ])('refuses %s', (_name, value, expected) => {
    expect(read(value).broken).toEqual([expected]);
  });

  it.each([['__proto__'], ['constructor'], ['toString']])('knows no key %s that the language brings along', (key) => {
    expect(read(JSON.parse(`{"image":"a","${key}":1}`)).broken).toEqual([
      `a.${key} thing.unknown-key: is not a key that is read here`,
    ]);
  });
});
