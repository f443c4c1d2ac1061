import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@nalabo/setup';
import pg from 'pg';

export interface TestPostgres {
  /** Superuser on the database `postgres`. */
  readonly adminUrl: string;
  readonly port: number;
  /** Makes an empty database and gives the superuser's URL of it: one per test, so that tests do not see each other. */
  createDatabase(): Promise<string>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** Starts a real PostgreSQL for one test file, in about a second. The caller stops it. */
export async function startTestPostgres(options: { readonly port?: number } = {}): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'nalabo-test-postgres-'));
  const server = await startPostgres({
    ...options,
    dataDirectory: join(folder, 'data'),
    ephemeral: true,
    report: () => undefined,
  });
  return {
    adminUrl: server.adminUrl,
    port: server.port,
    createDatabase: () => createDatabase(server.adminUrl),
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createDatabase(adminUrl: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  return Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
}
