import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SetupError } from '../machine/setup-error.js';
import { engineAddress } from './engine-client.js';
import { answersPing } from './find-engine.js';

describe('an engine address', () => {
  it.each([
    ['unix:///var/run/docker.sock', { socketPath: '/var/run/docker.sock' }],
    ['tcp://10.0.0.5:2376', { host: '10.0.0.5', port: 2376 }],
    ['tcp://engine', { host: 'engine', port: 2375 }],
    ['tcp://[::1]:2375', { host: '::1', port: 2375 }],
  ])('is read from %s', (dockerHost, address) => {
    expect(engineAddress(dockerHost)).toEqual(address);
  });

  it('of another form is refused in one line', () => {
    expect(() => engineAddress('ssh://user@host')).toThrow(SetupError);
  });
});

describe('a ping', () => {
  let folder: string;
  let server: Server | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ping-'));
  });
  afterEach(async () => {
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
    await rm(folder, { recursive: true });
  });

  async function listen(status: number, body: string): Promise<string> {
    const socket = join(folder, 'engine.sock');
    server = createServer((_, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server?.listen(socket, resolve));
    return `unix://${socket}`;
  }

  it('says yes to an engine', async () => {
    expect(await answersPing(await listen(200, 'OK'))).toBe(true);
  });

  it('says no when nobody is there', async () => {
    expect(await answersPing(`unix://${folder}/absent.sock`)).toBe(false);
  });

  it('explains a stranger behind the socket', async () => {
    await expect(answersPing(await listen(404, 'who?'))).rejects.toThrow(/is not a Docker engine.*404/);
  });
});
