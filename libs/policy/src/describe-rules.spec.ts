import { describe, expect, it } from 'vitest';
import { describeRules } from './describe-rules.js';

describe('the description of the rules', () => {
  const rules = describeRules().flatMap(({ sections }) => sections.flatMap((section) => section.rules));

  it('has every rule once, with words for people', () => {
    const ids = rules.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids).toEqual(
      expect.arrayContaining([
        'yaml.depth',
        'compose.service.privileged',
        'compose.sum-of-limits',
        'compose.mount.missing-key',
      ]),
    );
    expect(rules.filter(({ message, hint }) => message === '' || hint === '')).toEqual([]);
  });

  it('shows what is left out, what is read and what is refused, each with examples', () => {
    const find = (id: string) => rules.find((rule) => rule.id === id);
    expect(find('compose.file.version')).toEqual({
      id: 'compose.file.version',
      verdict: 'ignored',
      message: 'Compose has no versions any more.',
      hint: null,
      accepted: "version: '3.8'",
      refused: null,
    });
    expect(find('compose.service.user')).toMatchObject({ verdict: 'allowed', refused: 'user: root' });
    expect(find('compose.service.pid')).toMatchObject({ verdict: 'refused', refused: 'pid: host' });
  });
});
