import { createHash } from 'node:crypto';
import { chown, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { generatePassword } from '../machine/generate-password.js';
import { mustRun } from '../machine/run-program.js';
import { SetupError } from '../machine/setup-error.js';
import { isReachable, type ServerAccount } from './server-account.js';

export const DATABASE_USER = 'postgres';
/** Nothing of the caller's environment reaches the server but a fixed locale and time zone. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

export interface DataDirectory {
  path: string;
  password: string;
}

/** Where the data really goes: as asked, or, when the server's account cannot get there, below /var/lib. */
export async function dataDirectoryPath(asked: string, account: ServerAccount): Promise<string> {
  if (await isReachable(asked, account)) return resolve(asked);
  const name = createHash('sha256').update(resolve(asked)).digest('hex').slice(0, 12);
  return `/var/lib/nalabo/data-${name}`;
}

/** Opens the database kept at the path, or makes it with a password of its own in a file (0600) beside it. */
export async function openDataDirectory(
  path: string,
  initdb: string,
  account: ServerAccount,
  ephemeral: boolean,
): Promise<DataDirectory> {
  const passwordFile = `${path}.password`;
  if (await isInitialised(path)) {
    const password = await readFile(passwordFile, 'utf8').catch((error: unknown) => {
      throw new SetupError(`the password of ${path} is lost (${passwordFile}); remove both`, { cause: error });
    });
    return { path, password };
  }
  const password = generatePassword();
  const fresh = `${path}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true, mode: 0o755 });
  await give(fresh, account);
  await initialise(fresh, initdb, password, account, ephemeral);
  await writeFile(passwordFile, password, { mode: 0o600 });
  // One step makes it valid: an initialisation that was interrupted is never taken for a database.
  await rename(fresh, path);
  return { path, password };
}

export async function removeDataDirectory(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await rm(`${path}.password`, { force: true });
}

async function initialise(
  directory: string,
  initdb: string,
  password: string,
  account: ServerAccount,
  ephemeral: boolean,
): Promise<void> {
  const secret = await mkdtemp(join(tmpdir(), 'nalabo-'));
  const file = join(secret, 'password');
  try {
    await writeFile(file, `${password}\n`, { mode: 0o600 });
    await give(secret, account);
    await give(file, account);
    const args = ['-D', directory, '-U', DATABASE_USER, '--auth=scram-sha-256', `--pwfile=${file}`, '-E', 'UTF8'];
    const quick = ephemeral ? ['--no-sync'] : [];
    const options = { ...account, cwd: '/', env: SERVER_ENVIRONMENT };
    await mustRun(initdb, [...args, '--no-locale', ...quick], options);
  } finally {
    await rm(secret, { recursive: true, force: true });
  }
}

async function give(path: string, account: ServerAccount): Promise<void> {
  if (account.uid !== undefined && account.gid !== undefined) await chown(path, account.uid, account.gid);
}

function isInitialised(path: string): Promise<boolean> {
  return stat(join(path, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}
