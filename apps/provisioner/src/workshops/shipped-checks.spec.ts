import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseWorkshopFile } from './workshop-file.js';

const folder = join(import.meta.dirname, '../../../../workshops');

const checks = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => {
    const file = join(folder, name, 'workshop.yaml');
    return parseWorkshopFile(readFileSync(file, 'utf8'), file).checks.map((check) => ({ name, ...check }));
  })
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
