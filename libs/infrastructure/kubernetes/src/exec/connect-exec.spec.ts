import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { AppError } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../cluster/kube.client.js';
import { execFrame, FakeExecServer, type ExecBehaviour } from '../testing/fake-exec-server.js';
import { connectExec } from './connect-exec.js';
import { channels } from './exec-frames.js';
import type { ExecSocket } from './exec-socket.js';

const call = { namespace: 'n', pod: 'workbench', container: 'workbench', command: ['true'], isTerminal: false };
/** Both ends live in this process: a deadline must be longer than what a busy machine lets it stand still. */
const timing = { handshakeDeadlineMs: 10_000, refusalDeadlineMs: 1000, pingIntervalMs: 30, pongDeadlineMs: 1000 };
const pingsWithin = (milliseconds: number): number => Math.ceil(milliseconds / timing.pingIntervalMs);
const patience = { timeoutMs: 20_000 };
const servers: FakeExecServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function connect(behaviour: ExecBehaviour): Promise<{ server: FakeExecServer; socket: ExecSocket }> {
  const server = new FakeExecServer(behaviour);
  servers.push(server);
  return { server, socket: await connectExec(await server.listen(), call, timing) };
}

async function framesOf(socket: ExecSocket): Promise<readonly string[]> {
  const frames: string[] = [];
  for await (const { channel, payload } of socket.frames()) frames.push(`${channel}:${Buffer.from(payload)}`);
  return frames;
}

function clientOf(listening: Server): KubeClient {
  const config = new KubeConfig();
  const server = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  config.loadFromClusterAndUser({ name: 'fake', server, skipTLSVerify: true }, { name: 'nobody' });
  return new KubeClient(config);
}

/** Writes as fast as it is read, until nobody reads any more. */
function flood(socket: Duplex): void {
  const more = (): void => {
    while (socket.writable && socket.write(Buffer.alloc(16_384, 'x')));
  };
  socket.on('drain', more);
  more();
}

const status = (code: number, message: string) => ({ status: code, body: JSON.stringify({ kind: 'Status', message }) });

describe('connectExec', () => {
  it.each([
    [404, 'pods "workbench" not found', 'not_found'],
    [400, 'container workbench is not valid for pod workbench', 'conflict'],
    [401, 'Unauthorized', 'unavailable'],
    [500, 'the node does not answer', 'unavailable'],
  ])('is refused with %i: %s', async (code, message, kind) => {
    const refused = await connect(status(code, message)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AppError);
    expect(refused).toMatchObject({ kind, message: `exec in pod n/workbench: ${message}` });
  });

  it('says which rights are missing when it is forbidden', async () => {
    await expect(connect(status(403, 'User "x" cannot create resource "pods/exec"'))).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('needs the rights "get" and "create" on pods/exec'),
    });
  });

  it.each([
    ['never ends', (socket: Duplex) => void socket.write('not foun')],
    ['breaks off', (socket: Duplex) => void socket.end('not foun')],
    ['is endless', flood],
  ])('keeps to the status of a refusal whose text %s', async (_, write) => {
    let sent: Duplex | undefined;
    const refusing = createHttpServer().on('upgrade', (__, socket: Duplex) => {
      sent = socket.on('error', () => undefined).resume();
      socket.once('end', () => socket.destroy());
      socket.write('HTTP/1.1 404 Refused\r\nContent-Length: 1000000000\r\n\r\n');
      write(socket);
    });
    refusing.listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const error = (await connectExec(clientOf(refusing), call, timing).catch((reason: unknown) => reason)) as AppError;
    expect(error).toMatchObject({ kind: 'not_found' });
    expect(error.message.length).toBeLessThan(70_000);
    await eventually(() => expect(sent?.destroyed).toBe(true));
    refusing.close();
    await once(refusing, 'close');
  });

  it('fails as unavailable when the cluster is away', async () => {
    const server = new FakeExecServer(() => undefined);
    const client = await server.listen();
    await server.close();
    await expect(connectExec(client, call, timing)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('gives up a handshake that takes too long', async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const attempt = connectExec(clientOf(silent), call, { ...timing, handshakeDeadlineMs: 50 });
    await expect(attempt).rejects.toMatchObject({ kind: 'unavailable' });
    silent.close();
    await once(silent, 'close');
  });
});

describe('ExecSocket', { timeout: 30_000 }, () => {
  it('hands on frames in order and leaves out empty ones', async () => {
    const { socket } = await connect((peer) => {
      for (const text of ['', 'a', 'b']) peer.send(execFrame(channels.stdout, text));
      peer.send(execFrame(channels.stderr, 'c'));
      peer.close();
    });
    expect(await framesOf(socket)).toEqual(['1:a', '1:b', '2:c']);
  });

  it('ends when the connection breaks', async () => {
    const { socket } = await connect((peer) => {
      peer.send(execFrame(channels.stdout, 'a'), () => peer.terminate());
    });
    expect(await framesOf(socket)).toEqual(['1:a']);
  });

  it('ends when the server breaks the protocol', async () => {
    const { socket } = await connect((peer) => {
      // A frame with a reserved bit, which nobody has agreed on.
      (peer as unknown as { _socket: NodeJS.WritableStream })._socket.write(Buffer.from([0xf2, 0x01, 0x01]));
    });
    expect(await framesOf(socket)).toEqual([]);
  });

  it('does not read faster than its frames are taken', async () => {
    const megabytes = 64;
    let sent = 0;
    let pings = 0;
    const { socket } = await connect((peer) => {
      const chunk = execFrame(channels.stdout, new Uint8Array(2 ** 20));
      for (let index = 0; index < megabytes; index += 1) peer.send(chunk, () => (sent += 1));
      peer.on('ping', (payload) => {
        pings += 1;
        peer.pong(payload);
      });
    });
    let taken = 0;
    for await (const { payload } of socket.frames()) {
      taken += payload.length;
      if (taken === 2 ** 20) {
        // Longer than a ping may stay unanswered: nobody reads the answer now, which is no reason to cut.
        const before = pings;
        await eventually(
          () => expect(pings - before).toBeGreaterThan(pingsWithin(2 * timing.pongDeadlineMs)),
          patience,
        );
        expect(sent).toBeLessThan(megabytes / 2);
      }
      if (taken === megabytes * 2 ** 20) break;
      await turn();
    }
    expect(taken).toBe(megabytes * 2 ** 20);
    socket.close();
  });

  it('sends input in frames of at most 32 KiB and then its end, and the size of a terminal', async () => {
    const { server, socket } = await connect(() => undefined);
    const input = Buffer.alloc(100_000, 'input');
    await socket.write(input);
    socket.endInput();
    await socket.resize({ columns: 80, rows: 24 });
    await eventually(() => expect(server.received.at(-1)?.[0]).toBe(channels.resize));
    expect(server.receivedOn(channels.stdin).equals(input)).toBe(true);
    expect(Math.max(...server.received.map((frame) => frame.length))).toBe(32 * 1024 + 1);
    expect([...server.receivedOn(channels.close)]).toEqual([channels.stdin]);
    expect(JSON.parse(server.receivedOn(channels.resize).toString())).toEqual({ Width: 80, Height: 24 });
    socket.close();
  });

  it('has no trouble with writing when the other side has gone', async () => {
    const { socket } = await connect((peer) => peer.terminate());
    await framesOf(socket);
    await socket.write(Buffer.from('late'));
    socket.endInput();
    socket.close();
  });

  it('cuts a connection on which no ping is answered', async () => {
    const { socket } = await connect(() => undefined);
    expect(await framesOf(socket)).toEqual([]);
  });

  it('keeps a silent connection on which pings are answered', async () => {
    let pings = 0;
    const enough = pingsWithin(2 * timing.pongDeadlineMs);
    const { socket } = await connect((peer) => {
      peer.on('ping', (payload) => {
        pings += 1;
        peer.pong(payload);
        if (pings === enough) peer.close();
      });
    });
    await framesOf(socket);
    expect(pings).toBe(enough);
  });

  it('does not hold it against the cluster that a ping behind unread input stays unanswered', async () => {
    let pings = 0;
    const { socket } = await connect((peer) => {
      peer.on('ping', () => {
        pings += 1;
        if (pings === pingsWithin(2 * timing.pongDeadlineMs)) {
          peer.send(execFrame(channels.stdout, 'alive'), () => peer.close());
        }
      });
    });
    await socket.write(Buffer.from('nobody reads this'));
    expect(await framesOf(socket)).toEqual(['1:alive']);
  });
});
