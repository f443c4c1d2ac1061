import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { WebSocketServer, type WebSocket } from 'ws';
import { KubeClient } from '../cluster/kube.client.js';

/** How the server answers an exec: with a refusal, or by what it does with the open connection. */
export type ExecBehaviour =
  { readonly status: number; readonly body: string } | ((socket: WebSocket, url: URL) => void);

/** The exec call of an API server, as far as its protocol goes. */
export class FakeExecServer {
  /** The frames that came, of all connections. */
  readonly received: Buffer[] = [];
  private readonly http: Server = createServer();
  private readonly webSockets = new WebSocketServer({ noServer: true, autoPong: false });

  constructor(behaviour: ExecBehaviour) {
    this.http.on('upgrade', (request, socket, head) => {
      if (typeof behaviour !== 'function') {
        const { status, body } = behaviour;
        socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
        return;
      }
      this.webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.on('message', (message: Buffer) => this.received.push(message));
        behaviour(webSocket, new URL(request.url ?? '', 'http://cluster'));
      });
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

  /** What came on one channel, joined. */
  receivedOn(channel: number): Buffer {
    const frames = this.received.filter((frame) => frame[0] === channel);
    return Buffer.concat(frames.map((frame) => frame.subarray(1)));
  }

  async close(): Promise<void> {
    for (const socket of this.webSockets.clients) socket.terminate();
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }
}

export function execFrame(channel: number, payload: string | Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(channel), Buffer.from(payload)]);
}
