import { describe, expect, it } from 'vitest';
import { BuildOutput } from './build-output.js';

function read(...records: readonly object[]): BuildOutput {
  const output = new BuildOutput();
  for (const record of records) output.read(`${JSON.stringify(record)}\r`);
  return output;
}

describe('what a builder says', () => {
  it('is no failure as long as it reports none', () => {
    expect(read({ stream: 'Step 1/2 : FROM a' }, { aux: { ID: 'sha256:1' } }).failure('build')).toBeUndefined();
  });

  it('is told to whoever can mend the file', () => {
    const output = read(
      { stream: 'Step 2/2 : RUN false\n' },
      { stream: ' ---> Running in 072839b37fd0\n' },
      { stream: '\u001b[91msh: no such thing\n\u001b[0m' },
      { error: "The command '/bin/sh -c false' returned a non-zero code: 1", errorDetail: { code: 1 } },
    );
    expect(output.failure('build image a')).toMatchObject({
      kind: 'unprocessable',
      publicMessage:
        "The image could not be built: The command '/bin/sh -c false' returned a non-zero code: 1\n" +
        'Step 2/2 : RUN false\nsh: no such thing',
    });
  });

  it('is kept in its last lines only', () => {
    const lines = Array.from({ length: 1000 }, (_, index) => ({ stream: `line ${index}\n` }));
    const { end } = read(...lines);
    expect(end.length).toBeLessThanOrEqual(2000);
    expect(end).toMatch(/^line \d+\n[^]*line 999$/);
  });

  it('reaches nobody with characters that a terminal obeys, a database refuses, or that were cut in two', () => {
    const output = read(
      { stream: 'a\u0000b\u001b]0;title\u0007\r\u009b2Jc\td\n' },
      { error: "The command '\u001b[2J\u0000' returned a non-zero code: 1" },
    );
    const told = output.failure('build')?.publicMessage ?? '';
    expect(told).toMatch(/[^]*'\[2J' returned a non-zero code: 1\nab\]0;title2Jc\td$/);
    const { end } = read({ stream: `${'x'.repeat(3)}${'\u{1f600}'.repeat(2000)}x` });
    expect(end.isWellFormed()).toBe(true);
  });

  it('tells nothing of the labels by which an image is ours', () => {
    const mine = { stream: 'Step 3/3 : LABEL title="mine"' };
    expect(read({ stream: 'Step 2/3 : LABEL io.nalabo.managed-by="nalabo" io.nalabo.session="a"' }, mine).end).toBe(
      'Step 3/3 : LABEL title="mine"',
    );
  });

  it.each([
    ['write /a: no space left on device', 'exhausted', 'The infrastructure target has no space left.'],
    ['linux spec user: unable to find user x', 'unprocessable', 'The image could not be built: one of its steps'],
  ])('of an engine that says %s is not the text of the engine', (error, kind, told) => {
    expect(read({ error }).failure('build')).toMatchObject({ kind, publicMessage: expect.stringContaining(told) });
  });
});
