import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readImageVersion } from '../workbench/image-version.js';
import { ensureServiceImages } from './ensure-service-images.js';
import { standInLabel } from './stand-ins.js';

interface Image {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** As much of an engine as is asked here: it has images, pulls them if it can, and tags them. */
class Engine {
  readonly images = new Map<string, Image>();
  readonly asked: string[] = [];
  registry: ReadonlyMap<string, Image> = new Map();
  private readonly server: Server = createServer((request, response) => {
    const [status, body] = this.answer(request);
    response.writeHead(status).end(JSON.stringify(body));
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `tcp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
  }

  private answer({ method, url = '' }: IncomingMessage): [number, object] {
    const { pathname, searchParams } = new URL(url, 'http://engine');
    if (method === 'POST') this.asked.push(pathname);
    const named = (name: string): string => `${searchParams.get(name)}:${searchParams.get('tag')}`;
    if (pathname === '/images/create') return this.pull(named('fromImage'));
    const [, reference = ''] = /^\/images\/(.+)\/(json|tag)$/.exec(pathname) ?? [];
    const image = this.images.get(reference) ?? [...this.images.values()].find(({ id }) => id === reference);
    if (image === undefined) return [404, { message: `no such image: ${reference}` }];
    if (method === 'GET') return [200, { Id: image.id, Config: { Labels: image.labels } }];
    this.images.set(named('repo'), image);
    return [201, {}];
  }

  private pull(reference: string): [number, object] {
    const image = this.registry.get(reference);
    if (image === undefined) return [200, { error: 'nobody answers' }];
    this.images.set(reference, image);
    return [200, { status: 'Pull complete' }];
  }
}

const real: Image = { id: 'sha256:real', labels: {} };
const standIn: Image = { id: 'sha256:now', labels: { [standInLabel]: 'nginx:alpine' } };
const older: Image = { ...standIn, id: 'sha256:before' };

const { imageHash, packagesHash } = await readImageVersion('nginx-stand-in');
let engine: Engine;
let dockerHost: string;
const told: string[] = [];

beforeEach(async () => {
  told.length = 0;
  engine = new Engine();
  engine.images.set(`nalabo/nginx-stand-in:${imageHash}`, standIn);
  dockerHost = await engine.open();
});
afterEach(() => engine.close());

const ensure = (...references: string[]): Promise<void> =>
  ensureServiceImages(references, {
    dockerHost,
    report: (line) => told.push(line),
    install: () => Promise.reject(new Error('nothing is installed here')),
  });

describe('the image of a service', () => {
  it.each([
    ['stays when the real one is there', real, undefined, real, []],
    ['is pulled when a registry has it', undefined, real, real, ['/images/create']],
    [
      'is a stand-in where it cannot be pulled',
      undefined,
      undefined,
      standIn,
      ['/images/create', '/images/sha256:now/tag'],
    ],
    ['stays when the present stand-in is there', standIn, real, standIn, []],
    ['becomes the present stand-in when an older one is there', older, real, standIn, ['/images/sha256:now/tag']],
  ])('%s', async (_, before, inRegistry, after, asked) => {
    if (before) engine.images.set('nginx:alpine', before);
    if (inRegistry) engine.registry = new Map([['nginx:alpine', inRegistry]]);
    await ensure('nginx:alpine', 'nginx:alpine');
    expect(engine.images.get('nginx:alpine')).toBe(after);
    expect(engine.asked).toEqual(asked);
  });

  it('is left to the engine when nothing can stand in for it', async () => {
    await ensure('redis:7', 'nginx');
    expect(engine.asked).toEqual([]);
    expect(told).toEqual([]);
  });

  it('is told of when it cannot be had, and the others are got all the same', async () => {
    // The engine neither has it nor builds anything.
    engine.images.clear();
    engine.images.set(`nalabo/nginx-stand-in-packages:${packagesHash}`, real);
    engine.registry = new Map([['node:18-alpine', real]]);
    await ensure('nginx:alpine', 'node:18-alpine');
    expect(told.filter((line) => line.startsWith('nginx:alpine is missing'))).toHaveLength(1);
    expect(engine.images.get('node:18-alpine')).toBe(real);
  });
});
