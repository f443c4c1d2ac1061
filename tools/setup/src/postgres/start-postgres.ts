import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBackground } from '../machine/background-program.js';
import { freePort } from '../machine/free-port.js';
import { pollUntil } from '../machine/poll-until.js';
import type { Report } from '../machine/report.js';
import { SetupError } from '../machine/setup-error.js';
import {
  DATABASE_USER,
  dataDirectoryPath,
  openDataDirectory,
  removeDataDirectory,
  SERVER_ENVIRONMENT,
} from './data-directory.js';
import { postgresArguments } from './postgres-arguments.js';
import { postgresBinaries } from './postgres-binaries.js';
import { postgresFailure } from './postgres-failure.js';
import { isPostmasterReady } from './postmaster-status.js';
import { serverAccount } from './server-account.js';

/** After a crash the server first replays its log. */
const READY_DEADLINE_MS = 60_000;

export interface PostgresOptions {
  /** Made when absent; with the password file beside it (`<directory>.password`) it is kept between runs. */
  dataDirectory: string;
  /** Default: a free one. */
  port?: number;
  /** For tests: nothing is forced to disk, and the data is removed at the stop. */
  ephemeral?: boolean;
  report: Report;
}

export interface RunningPostgres {
  /** Superuser on the database `postgres`. Carries the password: not for logs. */
  adminUrl: string;
  port: number;
  stop(): Promise<void>;
}

/** Starts the embedded PostgreSQL on the loopback interface. Throws `SetupError` when it does not come up. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const ephemeral = options.ephemeral ?? false;
  const account = serverAccount();
  const binaries = await postgresBinaries(account);
  const path = await dataDirectoryPath(options.dataDirectory, account);
  const { password } = await openDataDirectory(path, binaries.initdb, account, ephemeral);
  const port = options.port ?? (await freePort());

  const args = postgresArguments(path, port, ephemeral);
  const server = await startBackground(binaries.postgres, args, 'INT', {
    ...account,
    cwd: '/',
    env: SERVER_ENVIRONMENT,
  });
  const stop = async (): Promise<void> => {
    await server.stop('SIGINT');
    if (ephemeral) await removeDataDirectory(path);
  };
  const isReady = async (): Promise<boolean> =>
    isPostmasterReady(await readFile(join(path, 'postmaster.pid'), 'utf8').catch(() => ''), server.pid);
  const ready = await pollUntil(async () => server.hasEnded() || (await isReady()), READY_DEADLINE_MS);
  if (!ready || server.hasEnded()) {
    await stop();
    const reason = postgresFailure(server.output()) ?? (await server.ended);
    throw new SetupError(`PostgreSQL did not start on port ${port} with ${path}: ${reason}`);
  }
  options.report(`PostgreSQL is ready on port ${port} (data in ${path}).`);
  return { adminUrl: `postgres://${DATABASE_USER}:${password}@127.0.0.1:${port}/postgres`, port, stop };
}
