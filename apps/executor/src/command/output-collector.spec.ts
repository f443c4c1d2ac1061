import { describe, expect, it } from 'vitest';
import { OutputCollector } from './output-collector.js';

const limits = { keptBytesPerStream: 8, drainedBytesPerStream: 20 };

function collect(chunks: readonly string[]) {
  let floods = 0;
  const collector = new OutputCollector(() => (floods += 1), limits);
  for (const chunk of chunks) collector.accept(Buffer.from(chunk));
  return { kept: collector.kept.toString(), truncated: collector.truncated, floods };
}

describe('OutputCollector', () => {
  it.each<[readonly string[], ReturnType<typeof collect>]>([
    [[], { kept: '', truncated: false, floods: 0 }],
    [['abc', 'def'], { kept: 'abcdef', truncated: false, floods: 0 }],
    [['abcdefgh'], { kept: 'abcdefgh', truncated: false, floods: 0 }],
    [['abcdef', 'ghijk'], { kept: 'abcdefgh', truncated: true, floods: 0 }],
    [['0123456789', '0123456789'], { kept: '01234567', truncated: true, floods: 0 }],
    [['0123456789', '0123456789', 'x', 'y'], { kept: '01234567', truncated: true, floods: 1 }],
  ])('keeps of %j what is due', (chunks, expected) => {
    expect(collect(chunks)).toEqual(expected);
  });

  it('keeps copies, so that a reused read buffer changes nothing', () => {
    const collector = new OutputCollector(() => undefined, limits);
    const buffer = Buffer.from('abc');
    collector.accept(buffer);
    buffer.fill('x');
    expect(collector.kept.toString()).toBe('abc');
  });
});
