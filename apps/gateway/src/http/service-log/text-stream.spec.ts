import { describe, expect, it } from 'vitest';
import { textStream } from './text-stream.js';

async function* pieces(...texts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(text);
}

async function read(stream: AsyncGenerator<string>): Promise<string[]> {
  const texts: string[] = [];
  for await (const text of stream) texts.push(text);
  return texts;
}

const client = { offered: () => undefined, taken: () => undefined };

describe('a text', () => {
  it('begins with nothing, and is whole however it is cut', async () => {
    const bytes = Buffer.from('é€😀');
    const cut = Array.from({ length: bytes.length }, (_, index) => bytes.subarray(index, index + 1));
    const texts = await read(textStream(pieces(...cut), client));
    expect(texts[0]).toBe('');
    expect(texts.join('')).toBe('é€😀');
  });

  it.each([
    [[0x61, 0xff, 0x62], 'a\uFFFDb'],
    [[0x61, 0xe2, 0x82], 'a\uFFFD'],
    [[0xef, 0xbb, 0xbf, 0x61], '\uFEFFa'],
  ])('has U+FFFD where the bytes %j are none', async (bytes, text) => {
    expect((await read(textStream(pieces(Buffer.from(bytes)), client))).join('')).toBe(text);
  });

  it('tells when its client has something to take, of which the end is the last, and when it has taken it', async () => {
    const told: string[] = [];
    const watched = { offered: () => told.push('offered'), taken: () => told.push('taken') };
    const stream = textStream(pieces(Buffer.from('one'), Buffer.from('two')), watched);
    await stream.next();
    expect(told).toEqual([]);
    await stream.next();
    expect(told).toEqual(['offered']);
    await stream.next();
    expect(told).toEqual(['offered', 'taken', 'offered']);
    expect(await stream.next()).toMatchObject({ done: true });
    expect(told.slice(-2)).toEqual(['taken', 'offered']);
  });
});
