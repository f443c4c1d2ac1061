import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

interface Blob {
  readonly digest: string;
  readonly content: Buffer;
}

/** A registry of one image on loopback, which engines take without TLS. It asks for a login. */
export class TestRegistry {
  /** A name of its own in each test: an engine keeps what it has pulled. */
  private readonly repository = `test-${randomBytes(6).toString('hex')}`;
  /** An empty archive, with something behind its end: an engine that had the same layer would not fetch it. */
  private readonly archive = Buffer.concat([Buffer.alloc(1024), randomBytes(512)]);
  private readonly layer = blobOf(gzipSync(this.archive));
  private readonly configuration = blobOf(Buffer.from(configurationText(this.archive)));
  private readonly manifest = blobOf(Buffer.from(manifestText(this.configuration, this.layer)));
  private readonly server: Server = createServer((request, response) => this.answer(request, response));
  private isWhole = true;
  /** How often the manifest was asked for with the login. */
  manifestsSent = 0;

  constructor(private readonly login: { readonly username: string; readonly password: string }) {}

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get reference(): string {
    return `${this.address}/${this.repository}:1`;
  }

  get digestReference(): string {
    return `${this.address}/${this.repository}@${this.manifest.digest}`;
  }

  /** From now on, its layer is sent without its end. */
  truncate(): void {
    this.isWhole = false;
  }

  private answer({ url = '', headers, method }: IncomingMessage, response: ServerResponse): void {
    const { username, password } = this.login;
    const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const path = url.replace(`/v2/${this.repository}`, '');
    if (headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"', 'content-type': 'application/json' });
      response.end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] }));
    } else if (path === '/v2/') response.writeHead(200).end('{}');
    else this.send(path, method, response);
  }

  private send(path: string, method: string | undefined, response: ServerResponse): void {
    const isManifest = path.startsWith('/manifests/');
    const known = isManifest ? [this.manifest] : [this.layer, this.configuration];
    const blob = isManifest ? this.manifest : known.find(({ digest }) => path === `/blobs/${digest}`);
    if (!blob) return void response.writeHead(404).end();
    if (isManifest && method === 'GET') this.manifestsSent += 1;
    const isCut = blob === this.layer && !this.isWhole;
    const content = isCut ? blob.content.subarray(0, -8) : blob.content;
    response.writeHead(200, {
      'content-type': isManifest ? manifestType : 'application/octet-stream',
      'content-length': content.length,
      'docker-content-digest': blob.digest,
    });
    response.end(method === 'HEAD' ? undefined : content);
  }
}

function blobOf(content: Buffer): Blob {
  return { digest: digestOf(content), content };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function configurationText(archive: Buffer): string {
  return JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['/none'] },
    rootfs: { type: 'layers', diff_ids: [digestOf(archive)] },
  });
}

function manifestText(configuration: Blob, layer: Blob): string {
  const descriptor = (mediaType: string, { content, digest }: Blob) => ({ mediaType, size: content.length, digest });
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor('application/vnd.docker.container.image.v1+json', configuration),
    layers: [descriptor('application/vnd.docker.image.rootfs.diff.tar.gzip', layer)],
  });
}
