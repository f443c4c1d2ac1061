import { describe, expect, it } from 'vitest';
import { dockerfileRuleGroups, instructionTable } from './instruction-table.js';
import { readDockerfile } from './read-dockerfile.js';

const context = {
  images: ['nginx:alpine', 'node:18-alpine'],
  files: new Map([
    ['index.html', ''],
    ['html/a.css', ''],
    ['run.sh', ''],
  ]),
};
const rules = dockerfileRuleGroups.flatMap((group) => group.rules.map((rule) => ({ ...rule, wrap: group.wrap })));
const ignored = [...instructionTable].flatMap(([keyword, rule]) =>
  rule.verdict === 'ignored' ? [{ keyword, ...rule }] : [],
);

describe('the rules of Dockerfiles', () => {
  it.each(rules)('accept the good example of $id', ({ examples, wrap }) => {
    expect(readDockerfile(wrap(examples.accepted), context)).toHaveProperty('model');
  });

  it.each(rules)('refuse the bad example of $id, and for no other reason', (rule) => {
    const { id, message, hint, examples, wrap, refusedInFull } = rule;
    const { text, files = context.files } = refusedInFull ?? { text: wrap(examples.refused) };
    const reading = readDockerfile(text, { ...context, files });
    const violations = 'violations' in reading ? reading.violations : [];
    expect(new Set(violations.map((one) => one.rule))).toEqual(new Set([id]));
    expect(violations[0]).toMatchObject({ message, hint });
  });

  it.each(ignored)('leave $keyword out and say why', ({ keyword, note, accepted }) => {
    expect(readDockerfile(`FROM nginx:alpine\n${accepted}`, context)).toEqual({
      model: { stages: [{ name: null, base: { image: 'nginx:alpine' }, steps: [] }] },
      notes: [{ path: keyword, line: 2, message: note }],
    });
  });

  it('have one id each', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });
});
