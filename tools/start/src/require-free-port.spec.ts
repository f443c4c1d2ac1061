import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { requireFreePort } from './require-free-port.js';

it('a port that is in use is named, with what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(requireFreePort(port)).rejects.toThrow(
    `port ${port} is in use; choose another one: PORT=3001 npm start`,
  );
  server.close();
  await once(server, 'close');
  await requireFreePort(port);
});

it.each([Number.NaN, 0, 65_536, 1.5])('%s is no port', async (port) => {
  await expect(requireFreePort(port)).rejects.toThrow(/must be a number/);
});
