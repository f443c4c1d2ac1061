import type { WorkshopContent } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { parseWorkshopFile } from './workshop-file.js';
import { toWorkshopView } from './workshop-view.js';

const check = { id: 'one', title: 'One', script: 'true' };

function parseChecks(checks: unknown): WorkshopContent {
  const text = stringify({ id: 'w', title: 'W', infrastructure: ['docker'], checks });
  return parseWorkshopFile(text, 'workshop.yaml');
}

describe('the checks of a workshop', () => {
  it('need an id, a title and a script; the rest is cautious', () => {
    expect(parseChecks([check]).checks).toEqual([
      {
        ...check,
        expect: { exitCode: 0, output: null },
        timeoutSeconds: 10,
        retries: { count: 0, intervalSeconds: 1 },
        hint: null,
        trusted: true,
      },
    ]);
  });

  it('share parts of their scripts', () => {
    const [parsed] = parseChecks([{ ...check, script: ['set -eu', 'true'] }]).checks;
    expect(parsed).toMatchObject({ script: 'set -eu\ntrue' });
  });

  it('are none when the file has none', () => {
    expect(parseChecks(undefined).checks).toEqual([]);
  });

  it('are shown by id and title alone', () => {
    const { checks } = toWorkshopView(parseChecks([{ ...check, hint: 'try harder' }]), 1);
    expect(checks).toEqual([{ id: 'one', title: 'One' }]);
  });

  it.each([
    [{ expect: { exitCode: 3, output: String.raw`^\d+ lines?$` } }],
    [{ timeoutSeconds: 60, retries: { count: 0, intervalSeconds: 10 } }],
    [{ timeoutSeconds: 15, retries: { count: 5, intervalSeconds: 6 } }],
    [{ trusted: false, hint: 'Look again.' }],
    [{ script: 'x'.repeat(16 * 1024) }],
  ])('take %.80j', (overrides) => {
    expect(parseChecks([{ ...check, ...overrides }]).checks).toMatchObject([overrides]);
  });

  it.each([
    [{ id: 'One' }, 'checks.0.id'],
    [{ id: '-one' }, 'checks.0.id'],
    [{ title: '' }, 'checks.0.title'],
    [{ script: '' }, 'checks.0.script'],
    [{ script: [] }, 'checks.0.script'],
    [{ script: ['', ''].map(() => 'é'.repeat(4 * 1024)) }, 'checks.0.script'],
    [{ script: undefined }, 'checks.0.script'],
    [{ script: 'a\0b' }, 'checks.0.script'],
    [{ script: 'é'.repeat(8 * 1024 + 1) }, 'checks.0.script'],
    [{ expect: { exitCode: -1 } }, 'checks.0.expect.exitCode'],
    [{ expect: { exitCode: 126 } }, 'checks.0.expect.exitCode'],
    [{ expect: { exitCode: 137 } }, 'checks.0.expect.exitCode'],
    [{ expect: { output: '(' } }, 'checks.0.expect.output'],
    [{ expect: { output: String.raw`\-` } }, 'checks.0.expect.output'],
    [{ expect: { output: '' } }, 'checks.0.expect.output'],
    [{ expect: { output: 'x'.repeat(257) } }, 'checks.0.expect.output'],
    [{ expect: { stdout: 'x' } }, 'checks.0.expect'],
    [{ timeoutSeconds: 0 }, 'checks.0.timeoutSeconds'],
    [{ timeoutSeconds: 61 }, 'checks.0.timeoutSeconds'],
    [{ timeoutSeconds: 1.5 }, 'checks.0.timeoutSeconds'],
    [{ retries: { count: 6 } }, 'checks.0.retries.count'],
    [{ retries: { intervalSeconds: 0 } }, 'checks.0.retries.intervalSeconds'],
    [{ retries: { intervalSeconds: 11 } }, 'checks.0.retries.intervalSeconds'],
    [{ timeoutSeconds: 15, retries: { count: 5, intervalSeconds: 7 } }, 'checks.0.timeoutSeconds'],
    [{ trusted: 'yes' }, 'checks.0.trusted'],
    [{ user: 'root' }, 'checks.0'],
  ])('refuse %.80j and name the place', (overrides, place) => {
    expect(() => parseChecks([{ ...check, ...overrides }])).toThrow(AppError);
    expect(() => parseChecks([{ ...check, ...overrides }])).toThrow(`${place}: `);
  });

  it.each([
    ['two of the same id', [check, { ...check, title: 'Two' }]],
    ['more than thirty-two', Array.from({ length: 33 }, (_, index) => ({ ...check, id: `c${index}` }))],
    [
      'more than fit into a message',
      Array.from({ length: 32 }, (_, index) => ({ ...check, id: `c${index}`, script: '\n'.repeat(16 * 1024) })),
    ],
  ])('refuse %s', (_, checks) => {
    expect(() => parseChecks(checks)).toThrow(/checks: /);
  });
});
