import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianRepository } from '../machine/apt-repository.js';
import { cacheDirectory } from '../machine/cache-directory.js';
import { findProgram } from '../machine/find-program.js';
import type { Report } from '../machine/report.js';
import { mustRun, runProgram } from '../machine/run-program.js';
import { SetupError } from '../machine/setup-error.js';
import { isAtLeast, NATS_FLOOR, parseNatsVersion } from './nats-version.js';

const PACKAGE = 'nats-server';
const GO_MODULE = 'github.com/nats-io/nats-server/v2@v2.12.1';
/** Debian suites whose package is new enough and still runs on the C library of Debian 12. */
const SUITES = ['forky', 'trixie'];

/**
 * The path of a server new enough for us: of the system, kept from an earlier run, or fetched now (a Debian package
 * unpacked in the cache directory, never installed; else built by Go).
 */
export async function obtainNatsServer(report: Report): Promise<string> {
  const cached = join(await cacheDirectory(), 'bin', PACKAGE);
  for (const candidate of [await findProgram(PACKAGE), cached]) {
    if (candidate !== undefined && (await isUsable(candidate))) return candidate;
  }
  await mkdir(join(cached, '..'), { recursive: true });
  report(`No nats-server ${NATS_FLOOR} or newer on this machine: fetching one into ${cached}.`);
  if (await fromDebian(cached)) return cached;
  if (await fromGo(cached, report)) return cached;
  throw new SetupError(`missing: nats-server ${NATS_FLOOR} or newer; put one on the PATH or set NATS_URL`);
}

async function isUsable(path: string): Promise<boolean> {
  const output = await runProgram(path, ['-v']).then(
    ({ stdout }) => stdout,
    () => '',
  );
  const version = parseNatsVersion(output);
  return version !== undefined && isAtLeast(version, NATS_FLOOR);
}

async function fromDebian(target: string): Promise<boolean> {
  const work = await mkdtemp(join(await cacheDirectory(), 'apt-'));
  try {
    const repository = await debianRepository(work);
    if (repository === undefined) return false;
    for (const suite of SUITES) {
      const found = await unpackFrom(repository, suite, work).catch(() => undefined);
      if (found !== undefined && (await keep(found, target))) return true;
    }
    return false;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Downloads with apt's own verification of signatures, but with lists and cache that the system never sees. */
async function unpackFrom(repository: string, suite: string, work: string): Promise<string> {
  const directory = join(work, suite);
  await mkdir(join(directory, 'lists', 'partial'), { recursive: true });
  await mkdir(join(directory, 'cache', 'archives', 'partial'), { recursive: true });
  await writeFile(join(directory, 'sources.list'), `deb ${repository} ${suite} main\n`);
  const settings = {
    'Dir::Etc::SourceList': join(directory, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State::Lists': join(directory, 'lists'),
    'Dir::Cache': join(directory, 'cache'),
    // apt's unprivileged user could not write below a home directory.
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await mustRun('apt-get', [...options, 'update', '-q'], { cwd: directory });
  await mustRun('apt-get', [...options, 'download', '-q', PACKAGE], { cwd: directory });
  const archive = (await readdir(directory)).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new SetupError(`apt downloaded no ${PACKAGE} package`);
  await mustRun('dpkg-deb', ['-x', join(directory, archive), join(directory, 'tree')]);
  const inTree = await mustRun('find', [join(directory, 'tree'), '-type', 'f', '-name', PACKAGE, '-perm', '/100']);
  return inTree.trim().split('\n')[0] ?? '';
}

async function fromGo(target: string, report: Report): Promise<boolean> {
  const go = await findProgram('go');
  if (go === undefined) return false;
  report(`Building ${GO_MODULE} with Go; this takes about half a minute.`);
  const work = await mkdtemp(join(await cacheDirectory(), 'go-'));
  try {
    const { exitCode } = await runProgram(go, ['install', GO_MODULE], { env: { ...process.env, GOBIN: work } });
    return exitCode === 0 && (await keep(join(work, PACKAGE), target));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Moves a server that runs here into place in one step, so that another process never meets half a file. */
async function keep(found: string, target: string): Promise<boolean> {
  if (!(await isUsable(found))) return false;
  const partial = `${target}.${process.pid}`;
  await copyFile(found, partial);
  await chmod(partial, 0o755);
  await rename(partial, target);
  return true;
}
