import { describe, expect, it } from 'vitest';
import { Demultiplexer } from './demultiplexer.js';

function frame(type: number, payload: string): Buffer {
  const header = Buffer.from([type, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(payload), 4);
  return Buffer.concat([header, Buffer.from(payload)]);
}

async function demultiplex(chunks: readonly Uint8Array[]): Promise<{ stdout: string; stderr: string }> {
  const demultiplexer = new Demultiplexer();
  const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const io = {
    stdout: (chunk: Uint8Array) => void output.stdout.push(chunk),
    stderr: (chunk: Uint8Array) => void output.stderr.push(chunk),
  };
  for (const chunk of chunks) await demultiplexer.push(chunk, io);
  return { stdout: Buffer.concat(output.stdout).toString(), stderr: Buffer.concat(output.stderr).toString() };
}

describe('Demultiplexer', () => {
  const stream = Buffer.concat([frame(1, 'out'), frame(2, 'err'), frame(1, ''), frame(1, 'put'), frame(2, 'or')]);

  it('keeps stdout and stderr apart', async () => {
    expect(await demultiplex([stream])).toEqual({ stdout: 'output', stderr: 'error' });
  });

  it.each([1, 2, 3, 5, 7, 8, 9, 13])('reads frames and headers that are split every %i bytes', async (size) => {
    const chunks: Uint8Array[] = [];
    for (let start = 0; start < stream.length; start += size) chunks.push(stream.subarray(start, start + size));
    expect(await demultiplex(chunks)).toEqual({ stdout: 'output', stderr: 'error' });
  });

  it('takes 200 000 one-byte frames in a single chunk', async () => {
    const many = Buffer.concat(Array.from({ length: 200_000 }, (_, index) => frame(1 + (index % 2), 'x')));
    const { stdout, stderr } = await demultiplex([many]);
    expect([stdout.length, stderr.length]).toEqual([100_000, 100_000]);
  });

  it('waits for the output to take a frame before the next', async () => {
    const order: string[] = [];
    const slow = (text: string) => async (): Promise<void> => {
      order.push(`${text} given`);
      await Promise.resolve();
      order.push(`${text} taken`);
    };
    await new Demultiplexer().push(stream.subarray(0, 22), { stdout: slow('out'), stderr: slow('err') });
    expect(order).toEqual(['out given', 'out taken', 'err given', 'err taken']);
  });
});
