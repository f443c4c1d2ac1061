import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBackground } from '../machine/background-program.js';
import { freePort } from '../machine/free-port.js';
import { generatePassword } from '../machine/generate-password.js';
import { pollUntil } from '../machine/poll-until.js';
import type { Report } from '../machine/report.js';
import { SetupError } from '../machine/setup-error.js';
import { renderNatsConfig } from './nats-config.js';
import { obtainNatsServer } from './obtain-nats-server.js';

const READY_LINE = 'Server is ready';
const READY_DEADLINE_MS = 15_000;

export interface NatsOptions {
  /** Holds JetStream's data and the configuration file; created when absent, kept between runs. */
  storeDirectory: string;
  /** Default: a free one. */
  port?: number;
  /** Default: a new one. Given where a server starts again for clients that know its password. */
  password?: string;
  report: Report;
}

export interface RunningNats {
  /** Carries user and password: not for logs. */
  url: string;
  port: number;
  stop(): Promise<void>;
}

/** Starts a NATS server with JetStream on the loopback interface, with a password of its own. */
export async function startNats(options: NatsOptions): Promise<RunningNats> {
  const program = await obtainNatsServer(options.report);
  const port = options.port ?? (await freePort());
  const user = 'nalabo';
  const password = options.password ?? generatePassword();
  await mkdir(options.storeDirectory, { recursive: true, mode: 0o700 });
  const configFile = join(options.storeDirectory, 'nats.conf');
  // Written anew: the mode of an existing file would stay as it is.
  await rm(configFile, { force: true });
  const config = renderNatsConfig({ port, storeDirectory: options.storeDirectory, user, password });
  await writeFile(configFile, config, { mode: 0o600 });

  const server = await startBackground(program, ['-c', configFile], 'TERM');
  const stop = (): Promise<void> => server.stop('SIGTERM');
  const ready = await pollUntil(
    async () => server.hasEnded() || server.output().includes(READY_LINE),
    READY_DEADLINE_MS,
  );
  if (!ready || server.hasEnded()) {
    await stop();
    throw new SetupError(`nats-server did not start on port ${port}: ${await server.ended}`);
  }
  options.report(`NATS is ready on port ${port}.`);
  return { url: `nats://${user}:${password}@127.0.0.1:${port}`, port, stop };
}
