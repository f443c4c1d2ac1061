import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats } from '@nalabo/setup';

export interface TestNats {
  /** Carries user and password. */
  readonly url: string;
  readonly port: number;
  /** Ends the server but keeps its streams, as an outage does. */
  halt(): Promise<void>;
  /** Ends the outage: the same streams, address and password. */
  resume(): Promise<void>;
  /** Ends the server and removes its streams. */
  stop(): Promise<void>;
}

/** Starts a real NATS server with JetStream for one test file. The caller stops it. */
export async function startTestNats(options: { readonly port?: number } = {}): Promise<TestNats> {
  const storeDirectory = await mkdtemp(join(tmpdir(), 'nalabo-test-nats-'));
  const settings = { ...options, storeDirectory, password: randomUUID(), report: () => undefined };
  let server = await startNats(settings);
  const { url, port } = server;
  return {
    url,
    port,
    halt: () => server.stop(),
    resume: async () => {
      server = await startNats({ ...settings, port });
    },
    stop: async () => {
      await server.stop();
      await rm(storeDirectory, { recursive: true, force: true });
    },
  };
}
