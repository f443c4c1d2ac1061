import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DockerClient } from './docker.client.js';

interface Asked {
  readonly request: string;
  readonly headers: IncomingHttpHeaders;
}

type Answer = { readonly status: number; readonly body: string } | 'hang up';

/** Speaks as an engine does, and keeps what it was asked. */
class EngineStandIn {
  readonly asked: Asked[] = [];
  readonly dockerHost: string;
  answers: Answer[] = [];
  private readonly socketPath = join(tmpdir(), `nalabo-stand-in-${randomBytes(6).toString('hex')}.sock`);
  private readonly server: Server;

  constructor() {
    this.dockerHost = `unix://${this.socketPath}`;
    this.server = createServer((request, response) => {
      this.asked.push({ request: `${request.method} ${request.url}`, headers: request.headers });
      const version = { status: 200, body: '{"Version":"28.0.0","ApiVersion":"1.48","MinAPIVersion":"1.24"}' };
      const answer = request.url?.endsWith('/version')
        ? version
        : (this.answers.shift() ?? { status: 200, body: '{}' });
      if (answer === 'hang up') request.socket.destroy();
      else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  }

  async start(): Promise<void> {
    this.server.listen(this.socketPath);
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

describe('DockerClient', () => {
  let engine: EngineStandIn;
  beforeEach(async () => {
    engine = new EngineStandIn();
    await engine.start();
  });
  afterEach(() => engine.stop());

  const requests = (): readonly string[] => engine.asked.map(({ request }) => request);

  it('agrees on a version first, and then keeps the body of a create out of the address', async () => {
    engine.answers = [{ status: 201, body: '{"Id":"1f"}' }];
    const client = new DockerClient({ dockerHost: engine.dockerHost });
    await client.createContainer('name', { Env: ['TOKEN=a-secret'] });
    expect(requests()).toEqual(['GET /version', 'POST /v1.41/containers/create?name=name']);
  });

  it('creates networks and volumes without anything in the address', async () => {
    const client = new DockerClient({ dockerHost: engine.dockerHost });
    await client.createNetwork({ Name: 'network', Labels: { a: 'b' } });
    await client.createVolume({ Name: 'volume', Labels: { a: 'b' } });
    expect(requests().slice(1)).toEqual(['POST /v1.41/networks/create?', 'POST /v1.41/volumes/create?']);
  });

  it('logs in to a registry by a header only, and notices a failure inside the progress', async () => {
    engine.answers = [
      { status: 200, body: '{"status":"Pulling"}\n{"errorDetail":{"message":"manifest unknown: x not found"}}\n' },
    ];
    const registryAuth = { username: 'somebody', password: 'a-secret' };
    const workbenchImage = 'registry.invalid/workbench:1';
    const client = new DockerClient({ dockerHost: engine.dockerHost, registryAuth, workbenchImage });
    const error: unknown = await client.pullImage('registry.invalid/image:1').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'unprocessable' });
    const [, pull] = engine.asked;
    expect(pull?.request).toBe('POST /v1.41/images/create?fromImage=registry.invalid%2Fimage&tag=1');
    const login = Buffer.from(String(pull?.headers['x-registry-auth']), 'base64').toString();
    expect(JSON.parse(login)).toEqual(registryAuth);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('a-secret');
  });

  it('sends an idempotent call once more when the connection breaks, and not a third time', async () => {
    const client = new DockerClient({ dockerHost: engine.dockerHost });
    engine.answers = ['hang up', { status: 200, body: '[]' }];
    expect(await client.containers({})).toEqual([]);
    engine.answers = ['hang up', 'hang up', { status: 200, body: '[]' }];
    await expect(client.containers({})).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('never starts an exec twice, nor says that it was not started when the engine may have', async () => {
    const client = new DockerClient({ dockerHost: engine.dockerHost });
    engine.answers = ['hang up'];
    await expect(client.startExec('1f')).rejects.toMatchObject({ kind: 'timeout' });
    expect(requests()).toEqual(['GET /version', 'POST /v1.41/exec/1f/start']);
  });

  it('changes nothing when the caller has given up, or may only read', async () => {
    const client = new DockerClient({ dockerHost: engine.dockerHost });
    await expect(client.removeVolume('volume', AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
    const reader = new DockerClient({ dockerHost: engine.dockerHost, readOnly: true });
    await expect(reader.removeVolume('volume')).rejects.toMatchObject({ kind: 'forbidden' });
    expect(requests()).toEqual(['GET /version', 'GET /version']);
  });

  it('finds an engine that was away at first', async () => {
    await engine.stop();
    const client = new DockerClient({ dockerHost: engine.dockerHost });
    await expect(client.containers({})).rejects.toMatchObject({ kind: 'unavailable' });
    await engine.start();
    engine.answers = [{ status: 200, body: '[]' }];
    expect(await client.containers({})).toEqual([]);
  });
});
