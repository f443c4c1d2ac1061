import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { eventually } from '@nalabo/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DockerClient } from '../engine/docker.client.js';
import { ServicesClient } from '../engine/services.client.js';
import { ServiceImages } from './service-images.js';

let server: Server;
let images: ServiceImages;
let pulls: number;
let present: boolean;
let pullAnswer: readonly object[];
let letPullEnd: () => void;
let pullEnds: Promise<void>;

beforeEach(async () => {
  [pulls, present, pullAnswer] = [0, false, [{ status: 'Pull complete' }]];
  pullEnds = Promise.resolve();
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new DockerClient({ dockerHost: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` });
  images = new ServiceImages(client, new ServicesClient(client.calls));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

async function answer({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
  const json = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
  };
  if (url.includes('/version')) return json(200, { Version: '20', ApiVersion: '1.41', MinAPIVersion: '1.12' });
  if (!url.includes('/images/create')) {
    const image = { Id: 'sha256:1', RepoDigests: ['nginx@sha256:2'], Config: { Volumes: { '/data': {} } } };
    return present ? json(200, image) : json(404, { message: 'No such image: nginx:alpine' });
  }
  pulls += 1;
  response.writeHead(200, { connection: 'close' }).write(`${JSON.stringify(begun)}\n`);
  await pullEnds;
  present = pullAnswer.every((line) => !('error' in line));
  response.end(pullAnswer.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

const begun = { status: 'Downloading', id: 'a', progressDetail: { current: 5_000_000, total: 60_000_000 } };
const patience = (): AbortSignal => AbortSignal.timeout(10_000);
const resolved = { reference: 'nginx@sha256:2', volumes: ['/data'], triggers: [] };

function holdPull(): void {
  pullEnds = new Promise((resolve) => (letPullEnd = resolve));
}

describe('the images of services', () => {
  it('are used by digest, and not pulled when they are there', async () => {
    present = true;
    expect(await images.resolve('nginx:alpine', patience())).toEqual(resolved);
    expect(pulls).toBe(0);
  });

  it('are pulled once for everybody who waits', async () => {
    holdPull();
    const both = Promise.all([1, 2].map(() => images.resolve('nginx:alpine', patience())));
    letPullEnd();
    expect(await both).toEqual([resolved, resolved]);
    expect(pulls).toBe(1);
  });

  it('go on being pulled for others when one gives up', async () => {
    holdPull();
    const impatient = new AbortController();
    const gone = images.resolve('nginx:alpine', impatient.signal);
    const patient = images.resolve('nginx:alpine', patience());
    impatient.abort();
    await expect(gone).rejects.toMatchObject({ kind: 'cancelled' });
    letPullEnd();
    expect(await patient).toEqual(resolved);
    expect(pulls).toBe(1);
  });

  it('say how far the pull has come to those whose time is over', async () => {
    holdPull();
    const told = {
      kind: 'unavailable',
      publicMessage: 'The image nginx:alpine is still being pulled, 5 MB of 60 MB so far. Try again.',
      details: { retryAfterSeconds: 15 },
    };
    // The first whose time is over may have come before the engine has said anything.
    await eventually(() =>
      expect(images.resolve('nginx:alpine', AbortSignal.timeout(300))).rejects.toMatchObject(told),
    );
    letPullEnd();
    expect(await images.resolve('nginx:alpine', patience())).toEqual(resolved);
    expect(pulls).toBe(1);
  });

  it('are refused when the pull fails in the middle of its answer, and tried again the next time', async () => {
    pullAnswer = [{ status: 'Pulling' }, { error: 'manifest unknown' }];
    await expect(images.resolve('nginx:alpine', patience())).rejects.toMatchObject({ kind: 'unprocessable' });
    pullAnswer = [{ status: 'Pull complete' }];
    expect(await images.resolve('nginx:alpine', patience())).toEqual(resolved);
  });

  it('are there to build upon, also after the engine has lost one', async () => {
    present = true;
    expect(await images.present('nginx:alpine', patience())).toEqual(resolved);
    present = false;
    expect(await images.present('nginx:alpine', patience())).toEqual(resolved);
    expect(pulls).toBe(1);
    expect(present).toBe(true);
  });

  it('are told apart from those that have to be pulled', async () => {
    expect(await images.missing(['nginx:alpine'])).toEqual(['nginx:alpine']);
    present = true;
    expect(await images.missing(['nginx:alpine'])).toEqual([]);
    expect(pulls).toBe(0);
  });

  it('are looked for again when the engine has lost one', async () => {
    present = true;
    await images.resolve('nginx:alpine', patience());
    present = false;
    images.forget('nginx:alpine');
    await images.resolve('nginx:alpine', patience());
    expect(pulls).toBe(1);
  });
});
