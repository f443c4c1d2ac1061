import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { eventually } from '@nalabo/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { openPortForward } from './port-forward.js';

const at = { namespace: 'ns', pod: 'control-plane', port: 8443 };
const portBytes = Buffer.from([0xfb, 0x20]);
const frame = (channel: number, content: Uint8Array | string): Buffer =>
  Buffer.concat([Buffer.of(channel), Buffer.from(content)]);

let http: Server;
let webSockets: WebSocketServer;
let config: KubeConfig;
let urls: (string | undefined)[];
/** What the server does with a connection once it has named the port on both channels. */
let serve: (socket: WebSocket) => void;
let refusal: { readonly status: number; readonly body: string } | undefined;

beforeEach(async () => {
  urls = [];
  refusal = undefined;
  serve = () => undefined;
  http = createServer();
  webSockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    urls.push(request.url);
    if (refusal) return socket.end(`HTTP/1.1 ${refusal.status} No\r\nconnection: close\r\n\r\n${refusal.body}`);
    return webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      for (const channel of [0, 1]) webSocket.send(frame(channel, portBytes));
      serve(webSocket);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  config = new KubeConfig();
  const server = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  config.loadFromClusterAndUser({ name: 'c', server, skipTLSVerify: true }, { name: 'u' });
});
afterEach(async () => {
  for (const client of webSockets.clients) client.terminate();
  http.close();
  await once(http, 'close');
});

const open = (signal = AbortSignal.timeout(5_000)) => openPortForward(config, at, signal);

describe('a forwarded port', () => {
  it('carries bytes both ways, without the number of the port', async () => {
    serve = (socket) => socket.on('message', (data: Buffer) => socket.send(frame(0, data.subarray(1))));
    const stream = await open();
    stream.write('hello');
    const [first] = (await once(stream, 'data')) as [Buffer];
    expect(first.toString()).toBe('hello');
    expect(urls).toEqual(['/api/v1/namespaces/ns/pods/control-plane/portforward?ports=8443']);
    stream.destroy();
    await eventually(() => expect(webSockets.clients.size).toBe(0));
  });

  it('carries much, not faster than it is read', async () => {
    const chunk = Buffer.alloc(64 * 1024, 1);
    serve = (socket) => {
      for (let index = 0; index < 200; index += 1) socket.send(frame(0, chunk));
      socket.close();
    };
    const stream = await open();
    let bytes = 0;
    for await (const data of stream as AsyncIterable<Buffer>) bytes += data.length;
    expect(bytes).toBe(200 * chunk.length);
  });

  it('ends when its connection ends', async () => {
    serve = (socket) => socket.close();
    const stream = await open();
    stream.resume();
    await once(stream, 'end');
  });

  it('breaks with what the node says of the port', async () => {
    serve = (socket) => socket.send(frame(1, 'connection refused'));
    const stream = await open();
    await expect(finished(stream)).rejects.toThrow('connection refused');
    await eventually(() => expect(webSockets.clients.size).toBe(0));
  });

  it.each([
    [404, 'not_found'],
    [403, 'unavailable'],
    [500, 'unavailable'],
  ])('that the API answers with %i is %s, in its words', async (status, kind) => {
    refusal = { status, body: JSON.stringify({ message: 'pods "control-plane" ...' }) };
    await expect(open()).rejects.toMatchObject({ kind, message: expect.stringContaining('pods "control-plane"') });
  });

  it('that we may not open says which rights are missing', async () => {
    refusal = { status: 403, body: JSON.stringify({ message: 'User "x" cannot create resource "pods/portforward"' }) };
    await expect(open()).rejects.toMatchObject({
      kind: 'unavailable',
      publicMessage: 'The cluster does not let us do this.',
      message: expect.stringMatching(/needs the rights "get" and "create" on pods\/portforward.*cannot create/),
    });
  });

  it('that is not there in time is a time-out', async () => {
    const passed = AbortSignal.abort(new DOMException('The time is over.', 'TimeoutError'));
    await expect(open(passed)).rejects.toMatchObject({ kind: 'timeout' });
    await eventually(() => expect(webSockets.clients.size).toBe(0));
  });

  it('is given up when nobody wants it any more', async () => {
    await expect(open(AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
    await eventually(() => expect(webSockets.clients.size).toBe(0));
  });

  it('cannot be had from a server that is away', async () => {
    http.close();
    http.closeAllConnections();
    await once(http, 'close');
    await expect(open()).rejects.toMatchObject({ kind: 'unavailable' });
    http.listen(0);
    await once(http, 'listening');
  });
});
