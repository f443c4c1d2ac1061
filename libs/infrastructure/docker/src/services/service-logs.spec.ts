import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EngineCalls } from '../engine/engine-calls.js';
import { ServicesClient } from '../engine/services.client.js';
import { serviceLogs } from './service-logs.js';

function frame(stream: 1 | 2, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

describe('the log of a service', () => {
  it('is what it has written on both streams, in its order', async () => {
    const frames = new PassThrough();
    frames.write(Buffer.concat([frame(1, 'one\n'), frame(2, 'two\n')]));
    frames.end(frame(1, 'three\n'));
    expect(await textOf(serviceLogs(frames, new AbortController().signal))).toBe('one\ntwo\nthree\n');
  });

  it('ends with an abort, and says so when the engine went away', async () => {
    const [stop, frames] = [new AbortController(), new PassThrough()];
    const reading = textOf(serviceLogs(frames, stop.signal));
    stop.abort();
    frames.destroy(new Error('aborted'));
    expect(await reading).toBe('');
    const broken = new PassThrough();
    const failing = textOf(serviceLogs(broken, new AbortController().signal));
    broken.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    await expect(failing).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('lets go of the engine when nobody reads on', async () => {
    const frames = new PassThrough();
    frames.write(frame(1, 'one\n'));
    for await (const chunk of serviceLogs(frames, new AbortController().signal)) {
      expect(chunk.length).toBe(4);
      break;
    }
    expect(frames.destroyed).toBe(true);
  });

  it('is not had, and that is no fault, when nobody wants it any more before the engine answers', async () => {
    const socketPath = join(tmpdir(), `nalabo-stand-in-${randomBytes(6).toString('hex')}.sock`);
    const version = '{"Version":"28.0.0","ApiVersion":"1.48","MinAPIVersion":"1.24"}';
    const stop = new AbortController();
    const engine = createServer(({ url }, response) => {
      if (url?.endsWith('/version')) response.setHeader('content-type', 'application/json').end(version);
      else stop.abort();
    }).listen(socketPath);
    onTestFinished(() => void engine.close());
    await once(engine, 'listening');
    const client = new ServicesClient(new EngineCalls({ dockerHost: `unix://${socketPath}` }));
    const log = client.logs('1f', { tail: 1, follow: true }, stop.signal);
    await expect(log).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
