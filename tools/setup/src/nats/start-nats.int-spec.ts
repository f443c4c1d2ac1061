import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningNats, startNats } from './start-nats.js';

const report = (): void => undefined;
let storeDirectory: string;
let server: RunningNats;

beforeAll(async () => {
  storeDirectory = await mkdtemp(join(tmpdir(), 'nalabo-nats-spec-'));
  server = await startNats({ storeDirectory, report });
});
afterAll(async () => {
  await server.stop();
  await rm(storeDirectory, { recursive: true, force: true });
});

function open(url: string): Promise<NatsConnection> {
  const { username, password, host } = new URL(url);
  return connect({ servers: host, user: username, pass: password, reconnect: false });
}

it('serves JetStream, with messages of 1 MB, to who has the password', async () => {
  const connection = await open(server.url);
  expect(connection.info?.max_payload).toBe(1_048_576);
  await (await jetstreamManager(connection)).streams.add({ name: 'facts', subjects: ['facts.>'] });
  expect((await jetstream(connection).publish('facts.one', 'x')).seq).toBe(1);
  await connection.close();

  const { password } = new URL(server.url);
  await expect(open(server.url.replace(password, 'guess'))).rejects.toThrow(/Authorization/i);
});

it('shows its password neither in the process list nor in a file others can read', async () => {
  const { password } = new URL(server.url);
  expect(execFileSync('ps', ['axww', '-o', 'args'], { encoding: 'utf8' })).not.toContain(password);
  expect((await stat(join(storeDirectory, 'nats.conf'))).mode & 0o777).toBe(0o600);
});

it('keeps its messages over a restart', async () => {
  await server.stop();
  server = await startNats({ storeDirectory, report });
  const connection = await open(server.url);
  const info = await (await jetstreamManager(connection)).streams.info('facts');
  expect(info.state.messages).toBe(1);
  await connection.close();
});

it('names a busy port in one line', async () => {
  const other = await mkdtemp(join(tmpdir(), 'nalabo-nats-spec-'));
  await expect(startNats({ storeDirectory: other, port: server.port, report })).rejects.toThrow(
    /address already in use/,
  );
  await rm(other, { recursive: true, force: true });
});
