import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { DockerClient } from '../engine/docker.client.js';
import { DockerExecStream } from './docker-exec-stream.js';

describe('the output of an engine exec', () => {
  it.each(['ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH'])('ends when its connection breaks: %s', async (code) => {
    const connection = new PassThrough();
    const stream = new DockerExecStream({} as DockerClient, 'exec', connection);
    const reading = stream.read({ stdout: () => undefined, stderr: () => undefined });
    connection.destroy(Object.assign(new Error(code), { code }));
    await expect(reading).resolves.toBeUndefined();
  });

  it('fails with what its consumer throws', async () => {
    const connection = new PassThrough();
    const stream = new DockerExecStream({} as DockerClient, 'exec', connection);
    const reading = stream.read({ stdout: () => Promise.reject(new Error('no more')), stderr: () => undefined });
    connection.write(Buffer.from([1, 0, 0, 0, 0, 0, 0, 1, 0x78]));
    await expect(reading).rejects.toThrow('no more');
  });
});
