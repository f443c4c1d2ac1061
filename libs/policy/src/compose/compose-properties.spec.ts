import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { composeFile } from './compose-grammar.cases.js';
import { exampleContext } from './example-context.cases.js';
import { expectSafeModel } from './model-invariants.cases.js';
import { readCompose } from './read-compose.js';

/** Either is everything told that is wrong, or the model is safe. */
function expectJudged(file: string): 'accepted' | 'refused' {
  const read = readCompose(file, exampleContext);
  if ('model' in read) {
    expectSafeModel(read.model);
    return 'accepted';
  }
  expect(read.violations.length).toBeGreaterThan(0);
  expect(read.violations.length).toBeLessThanOrEqual(50);
  const lines = file.split(/\r\n|\r|\n/).length;
  for (const { path, line, rule, message, hint } of read.violations) {
    expect(path.isWellFormed() && !/\p{Cc}/u.test(path)).toBe(true);
    expect(line === null || (line >= 1 && line <= lines)).toBe(true);
    expect(rule).toMatch(/^(yaml|compose)(\.[\w-]+)+$/);
    expect(message).not.toBe('');
    expect(hint).not.toBe('');
  }
  return 'refused';
}

describe('whatever is sent as a Compose file', () => {
  it('is read safely or refused, when much of it is right', () => {
    const seen = { accepted: 0, refused: 0 };
    const property = fc.property(composeFile, fc.boolean(), (file, asJson) => {
      seen[expectJudged(asJson ? JSON.stringify(file) : stringify(file))] += 1;
    });
    fc.assert(property, { numRuns: 600 });
    // Otherwise one of the two sides would prove nothing.
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(60);
  });

  it('is read safely or refused, when it is cut and mended anywhere', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        ': ',
        '- ',
        '&a ',
        '*a',
        '{',
        '}',
        '"',
        "'",
        '|\n',
        '\n',
        '\t',
        '$',
        '${A}',
        '!!x ',
        '\0',
        '..',
        '/',
      ),
    );
    const property = fc.property(composeFile, fc.nat(), fc.nat(20), piece, (file, place, length, put) => {
      const text = stringify(file);
      const start = place % text.length;
      expectJudged(text.slice(0, start) + put + text.slice(start + length));
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('is read safely or refused, when it is any text or any value', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.json(),
      fc.object({ maxDepth: 4 }).map((value) => `services: ${fc.stringify(value)}`),
      fc.jsonValue().map((value) => JSON.stringify({ services: { web: { image: 'nginx:alpine', command: value } } })),
    );
    fc.assert(
      fc.property(anything, (file) => {
        expectJudged(file);
      }),
      { numRuns: 400 },
    );
  });
});
