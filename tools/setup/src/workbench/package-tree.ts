import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { debianRepository } from '../machine/apt-repository.js';
import { cacheDirectory } from '../machine/cache-directory.js';
import { findProgram } from '../machine/find-program.js';
import type { InstallPackages } from '../machine/install-packages.js';
import type { Report } from '../machine/report.js';
import { mustRun } from '../machine/run-program.js';
import { WORKBENCH_SUITE, type WorkbenchVersion } from './workbench-source.js';

const BUILDER = 'mmdebstrap';
const EXCLUDED = ['doc', 'man', 'locale'].map((kind) => `--dpkgopt=path-exclude=/usr/share/${kind}/*`);

/** The tar of a small Debian with the packages of the workbench, kept in the cache directory under their hash. */
export async function packageTree(
  version: WorkbenchVersion,
  report: Report,
  install: InstallPackages,
): Promise<string> {
  const cache = await cacheDirectory();
  const tar = join(cache, `workbench-${version.packagesHash}.tar`);
  if (await exists(tar)) return tar;
  if ((await findProgram(BUILDER)) === undefined) {
    await install({ names: [BUILDER, 'debian-archive-keyring'], why: 'build the workbench image without a registry' });
  }
  report('Building the workbench from Debian packages; this takes about half a minute, once.');
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'tree-'));
  try {
    const partial = join(work, 'tree.tar');
    const repository = await debianRepository(work);
    const options = ['--variant=minbase', `--include=${version.packages.join(',')}`, ...EXCLUDED];
    await mustRun(BUILDER, [...options, WORKBENCH_SUITE, partial, ...(repository ? [repository] : [])]);
    // One step: an interrupted build never leaves half a tree under the final name.
    await rename(partial, tar);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return tar;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
