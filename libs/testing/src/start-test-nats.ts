import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats } from '@nalabo/setup';

export interface TestNats {
  /** Carries user and password. */
  readonly url: string;
  readonly port: number;
  /** Ends the server and removes its streams. */
  stop(): Promise<void>;
}

/** Starts a real NATS server with JetStream for one test file. The caller stops it. */
export async function startTestNats(options: { readonly port?: number } = {}): Promise<TestNats> {
  const folder = await mkdtemp(join(tmpdir(), 'nalabo-test-nats-'));
  const server = await startNats({ ...options, storeDirectory: folder, report: () => undefined });
  return {
    url: server.url,
    port: server.port,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
