import { describe, expect, it } from 'vitest';
import { isAtLeast, parseNatsVersion } from './nats-version.js';

describe('the version of a NATS server', () => {
  it.each([
    ['nats-server: v2.10.27\n', '2.10.27'],
    ['nats-server: v2.12.0-RC.1', '2.12.0'],
    ['bash: not found', undefined],
  ])('in %j is %s', (output, version) => {
    expect(parseNatsVersion(output)).toBe(version);
  });

  it.each([
    ['2.9.10', false],
    ['2.10.22', false],
    ['2.10.23', true],
    ['2.11.0', true],
    ['3.0.0', true],
    ['1.99.99', false],
  ])('%s being new enough is %s', (version, enough) => {
    expect(isAtLeast(version, '2.10.23')).toBe(enough);
  });
});
