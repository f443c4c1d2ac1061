import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BuildsClient } from './builds.client.js';
import { EngineCalls } from './engine-calls.js';

let server: Server;
let building: Promise<ServerResponse>;
let builds: BuildsClient;

/** An engine that never ends to build. */
beforeEach(async () => {
  server = createServer();
  building = new Promise((resolve) => {
    server.on('request', ({ url = '' }, response: ServerResponse) => {
      if (url.endsWith('/version')) return response.end('{"Version":"28","ApiVersion":"1.48","MinAPIVersion":"1.24"}');
      response.write('{"stream":"Step 1/2"}\n');
      return resolve(response);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  builds = new BuildsClient(
    new EngineCalls({ dockerHost: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` }),
  );
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

it('a build whose answer cannot be read is broken off', async () => {
  const onLine = (): never => {
    throw new Error('no JSON');
  };
  const signal = new AbortController().signal;
  const call = { parameters: {}, context: Buffer.from(''), deadlineMs: 60_000, signal, onLine };
  const failure = expect(builds.build(call)).rejects.toThrow('no JSON');
  const response = await building;
  await Promise.all([failure, once(response, 'close')]);
  expect(response.writableEnded).toBe(false);
});
