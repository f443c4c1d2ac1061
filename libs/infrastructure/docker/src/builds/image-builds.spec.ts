import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { systemClock } from '@nalabo/kernel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DockerClient } from '../engine/docker.client.js';
import { ServicesClient } from '../engine/services.client.js';
import { ServiceImages } from '../services/service-images.js';
import { DockerRemoval } from '../session/docker-removal.js';
import { buildLimits } from './build-limits.js';
import { ImageBuilds } from './image-builds.js';

const session = { sessionId: 'a', labels: {} };
const build = { dockerfile: { stages: [{ name: null, base: { image: 'nginx:alpine' }, steps: [] }] }, files: {} };

let server: Server;
let removals: number;
let bytes: number;
let builds: ImageBuilds;

beforeEach(async () => {
  removals = 0;
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new DockerClient({ dockerHost: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const images = new ServiceImages(client, new ServicesClient(client.calls));
  const settings = { instance: 'test', workbenchImage: 'workbench', buildCgroupParent: '/builds' };
  builds = new ImageBuilds(client, images, new DockerRemoval(client, systemClock), settings);
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** An engine that has the image, which another process has built. */
function answer({ url = '', method }: IncomingMessage, response: ServerResponse): void {
  if (method === 'DELETE') removals += 1;
  const image = { Id: 'sha256:1', Size: bytes, Config: { Labels: { 'io.nalabo.session': session.sessionId } } };
  const version = { Version: '20', ApiVersion: '1.41', MinAPIVersion: '1.12' };
  response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(url.includes('/version') ? version : image));
}

it('an image that is there is not built again', async () => {
  bytes = buildLimits.imageBytes;
  expect(await builds.ensure(session, build, AbortSignal.timeout(5000))).toMatchObject({ reference: 'sha256:1' });
  expect(removals).toBe(0);
});

it('an image that is there and too large is refused and removed, whoever has built it', async () => {
  bytes = buildLimits.imageBytes + 1;
  await expect(builds.ensure(session, build, AbortSignal.timeout(5000))).rejects.toMatchObject({
    kind: 'unprocessable',
    publicMessage: expect.stringContaining('too large'),
  });
  expect(removals).toBe(1);
});
