import { describe, expect, it } from 'vitest';
import type { ComposeModel } from './compose-model.js';
import { composePolicy } from './compose-policy.js';
import { exampleContext } from './example-context.cases.js';
import { judgeModel } from './judge-model.js';
import { readCompose } from './read-compose.js';

function modelOf(file: string): ComposeModel {
  const read = readCompose(file, exampleContext);
  if ('model' in read) return read.model;
  throw new Error(JSON.stringify(read.violations));
}

const examples = composePolicy.groups.flatMap(({ rules, wrap }) =>
  rules.map(({ id, examples: { accepted } }) => [id, wrap(accepted)] as const),
);

describe('a model that is judged once more', () => {
  it.each(examples)('is allowed where nothing has changed: %s', (_, file) => {
    expect(judgeModel(modelOf(file), exampleContext)).toEqual([]);
  });

  it.each([
    ['an image was taken off the list', { images: ['node:18-alpine'] }, 'compose.image-allowed', 'services.web.image'],
    [
      'the session has less',
      { resources: { ...exampleContext.resources, memoryBytes: 2 ** 24 } },
      'compose.sum-of-limits',
      'services',
    ],
  ])('is refused when %s', (_, less, rule, path) => {
    const file = 'services: { web: { image: "nginx:alpine", mem_limit: 32m } }';
    expect(judgeModel(modelOf(file), { ...exampleContext, ...less })).toMatchObject([{ rule, path, line: null }]);
  });
});
