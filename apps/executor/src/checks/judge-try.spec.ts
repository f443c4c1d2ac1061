import type { CheckOutcome } from '@nalabo/contracts';
import { describe, expect, it } from 'vitest';
import { isWorthAnotherTry, judgeTry, type ScriptEnd } from './judge-try.js';

const exited = (exitCode: number, rest: Partial<ScriptEnd> = {}): ScriptEnd => ({
  outcome: exitCode === 0 ? 'succeeded' : 'failed',
  exitCode,
  startFailed: false,
  output: Buffer.from('hello\n'),
  truncated: false,
  ...rest,
});
const withoutExit = (outcome: ScriptEnd['outcome'], rest: Partial<ScriptEnd> = {}): ScriptEnd => ({
  ...exited(0, rest),
  outcome,
  exitCode: null,
});
const includes = (source: string, text: string): boolean => text.includes(source);
const any = { exitCode: 0, output: null };

describe('judgeTry', () => {
  it.each<[string, ScriptEnd, { exitCode: number; output: string | null }, CheckOutcome]>([
    ['a script that exits as expected', exited(0), any, 'passed'],
    ['another code', exited(1), any, 'failed'],
    ['the expected code that is not zero', exited(3), { exitCode: 3, output: null }, 'passed'],
    ['zero where another code is expected', exited(0), { exitCode: 3, output: null }, 'failed'],
    ['the code of a signal', exited(137), any, 'failed'],
    ['the expected output', exited(0), { exitCode: 0, output: 'hello' }, 'passed'],
    ['another output', exited(0), { exitCode: 0, output: 'bye' }, 'failed'],
    ['the expected output with another code', exited(1), { exitCode: 0, output: 'hello' }, 'failed'],
    [
      'more output than is read, as expected so far',
      exited(0, { truncated: true }),
      { exitCode: 0, output: 'hello' },
      'failed',
    ],
    ['more output than is read, of which none is expected', exited(0, { truncated: true }), any, 'failed'],
    ['a flood', withoutExit('failed', { truncated: true }), any, 'failed'],
    ['too long a time', withoutExit('timed_out'), any, 'timed_out'],
    [
      'too long a time, with the expected output',
      withoutExit('timed_out'),
      { exitCode: 0, output: 'hello' },
      'timed_out',
    ],
    ['a lost workbench', withoutExit('unknown'), any, 'unknown'],
    ['a lost workbench, with the expected output', withoutExit('unknown'), { exitCode: 0, output: 'hello' }, 'unknown'],
    ['a stop', withoutExit('cancelled'), any, 'unknown'],
    ['a script that could not start', withoutExit('failed', { startFailed: true }), any, 'unknown'],
    ['a failed start that names a code', exited(0, { startFailed: true }), any, 'unknown'],
  ])('judges %s', (_, result, expected, outcome) => {
    expect(judgeTry(result, expected, includes)).toBe(outcome);
  });

  it('does not know when the output could not be searched', () => {
    expect(judgeTry(exited(0), { exitCode: 0, output: 'hello' }, () => null)).toBe('unknown');
  });

  it('looks at the output only of a script that exited as expected', () => {
    const never = (): never => expect.fail('the output was looked at');
    expect(judgeTry(exited(1), { exitCode: 0, output: 'hello' }, never)).toBe('failed');
  });
});

describe('isWorthAnotherTry', () => {
  it.each<[CheckOutcome, boolean]>([
    ['passed', false],
    ['failed', true],
    ['timed_out', true],
    ['unknown', false],
  ])('says of %s: %s', (outcome, expected) => {
    expect(isWorthAnotherTry(outcome)).toBe(expected);
  });
});
