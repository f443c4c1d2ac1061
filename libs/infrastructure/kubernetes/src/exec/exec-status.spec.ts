import { describe, expect, it } from 'vitest';
import { toExecEnd } from './exec-status.js';

const nonZero = (message: string): object => ({
  metadata: {},
  status: 'Failure',
  message: `command terminated with exit code ${message}`,
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message }] },
});
const lost = { kind: 'lost', detail: 'the cluster could not run it in the workbench' };

describe('toExecEnd', () => {
  it.each([
    ['a success', { metadata: {}, status: 'Success' }, { kind: 'exited', exitCode: 0 }],
    ['an exit code', nonZero('3'), { kind: 'exited', exitCode: 3 }],
    ['an end by a signal', nonZero('137'), { kind: 'exited', exitCode: 137 }],
    ['a code that is none', nonZero('three'), lost],
    [
      'a failure of the node',
      { status: 'Failure', reason: 'InternalError', message: 'container not found ("workbench")', code: 500 },
      lost,
    ],
    ['a code without its reason', { ...nonZero('0'), reason: 'InternalError' }, lost],
  ])('reads %s', (_, status, expected) => {
    expect(toExecEnd(Buffer.from(JSON.stringify(status)))).toEqual(expected);
  });

  it('takes what cannot be read for an unknown end', () => {
    expect(toExecEnd(Buffer.from('no JSON'))).toEqual(lost);
    expect(toExecEnd(Buffer.from('null'))).toEqual(lost);
  });
});
