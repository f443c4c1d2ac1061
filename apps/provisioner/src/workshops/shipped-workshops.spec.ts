import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeBrought } from './judge-brought.js';
import { readWorkshop } from './read-workshop.js';

const folder = join(import.meta.dirname, '../../../../workshops');

const files = globSync('*/workshop.yaml', { cwd: folder });
const workshops = await Promise.all(files.map((file) => readWorkshop(join(folder, file))));

const checks = workshops
  .flatMap(({ id, checks }) => checks.map((check) => ({ name: id, ...check })))
  .map(({ name, id, ...check }): [string, typeof check] => [`${name} ${id}`, check]);

/** What also holds when a program has failed, as every program does for which the learner leaves no memory. */
const fromFailure = [/\$\(.*!=/, /!=.*\$\(/, /(^|[;&|{(]|then|if|while|until)\s*! /m, /\|\|\s*(true|:)(\s|$)/];

describe('a shipped check', () => {
  it('is among those that are looked at here', () => {
    expect(checks.length).toBeGreaterThan(0);
  });

  it.each(checks)(
    '%s is trusted and ends at the first command that fails',
    (_name, { script, trusted, expect: end }) => {
      expect(trusted).toBe(true);
      expect(script).toMatch(/^set -eu\n/);
      expect(end.exitCode).toBe(0);
    },
  );

  it.each(checks)('%s passes on what was found, and never because a program failed', (_name, { script }) => {
    expect(fromFailure.filter((pattern) => pattern.test(script))).toEqual([]);
  });
});

describe('a shipped workshop', () => {
  it.each(workshops.map((workshop) => [workshop.id, workshop] as const))(
    '%s brings what keeps the rules, or nothing',
    (_id, workshop) => expect(() => judgeBrought(workshop)).not.toThrow(),
  );
});
