import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { schemaPipe } from './schema-pipe.js';

const schema = z.strictObject({
  count: z.number().min(1),
  files: z.record(z.string().regex(/^[a-z]+$/, 'must be a name'), z.string()).optional(),
});

async function violationsOf(value: unknown): Promise<unknown> {
  const judged = schemaPipe().transform(value, { type: 'body', schema });
  return Promise.resolve(judged).then(
    () => [],
    (error: { details: { violations: unknown } }) => error.details.violations,
  );
}

describe('the validation of a request', () => {
  it.each([
    ['nothing when all is well', { count: 1 }, []],
    [
      'a field and what is wrong with it',
      { count: 0 },
      [{ field: 'count', message: expect.stringContaining('>=1') as string }],
    ],
    [
      'each unknown field by its own path',
      { count: 1, one: 1, two: 2 },
      [
        { field: 'one', message: 'is not a known field' },
        { field: 'two', message: 'is not a known field' },
      ],
    ],
    [
      'what is wrong with the name of an entry',
      { count: 1, files: { '../x': '' } },
      [{ field: 'files.../x', message: 'must be a name' }],
    ],
  ])('tells %s', async (_, value, violations) => {
    expect(await violationsOf(value)).toEqual(violations);
  });
});
