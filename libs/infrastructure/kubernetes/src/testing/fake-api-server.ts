import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { KubeClient } from '../cluster/kube.client.js';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** When it came, on the clock of `performance`. */
  readonly at: number;
}

/** An API whose every answer is the test's. */
export class FakeApiServer {
  readonly requests: FakeRequest[] = [];
  private readonly http: Server;

  constructor(answer: (request: FakeRequest, response: ServerResponse, body: IncomingMessage) => void) {
    this.http = createServer((incoming, response) => {
      const request = requestOf(incoming);
      this.requests.push(request);
      answer(request, response, incoming);
    });
  }

  async listen(): Promise<KubeClient> {
    this.http.listen(0, '127.0.0.1');
    await once(this.http, 'listening');
    const { port } = this.http.address() as AddressInfo;
    const config = new KubeConfig();
    const cluster = { name: 'fake', server: `http://127.0.0.1:${port}`, skipTLSVerify: true };
    config.loadFromClusterAndUser(cluster, { name: 'nobody' });
    return new KubeClient(config);
  }

  async close(): Promise<void> {
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }
}

function requestOf({ method = '', url = '' }: IncomingMessage): FakeRequest {
  const { pathname, searchParams } = new URL(url, 'http://cluster');
  return { method, path: pathname, query: Object.fromEntries(searchParams), at: performance.now() };
}
