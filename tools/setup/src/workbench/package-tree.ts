import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { debianRepository } from '../machine/apt-repository.js';
import { cacheDirectory } from '../machine/cache-directory.js';
import { findProgram } from '../machine/find-program.js';
import type { InstallPackages } from '../machine/install-packages.js';
import type { Report } from '../machine/report.js';
import { mustRun } from '../machine/run-program.js';
import { DEBIAN_SUITE, type ImageVersion } from './image-version.js';

const BUILDER = 'mmdebstrap';
const EXCLUDED = ['doc', 'man', 'locale'].map((kind) => `--dpkgopt=path-exclude=/usr/share/${kind}/*`);

export interface TreeWork {
  report: Report;
  install: InstallPackages;
}

/** The tar of a small Debian with the packages of an image, kept in the cache directory under their hash. */
export async function packageTree(
  name: string,
  version: Pick<ImageVersion, 'packages' | 'packagesHash'>,
  { report, install }: TreeWork,
): Promise<string> {
  const cache = await cacheDirectory();
  const tar = join(cache, `${name}-${version.packagesHash}.tar`);
  if (await exists(tar)) return tar;
  if ((await findProgram(BUILDER)) === undefined) {
    await install({ names: [BUILDER, 'debian-archive-keyring'], why: 'build images without a registry' });
  }
  report(`Building the ${name} from Debian packages; this takes about half a minute, once.`);
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'tree-'));
  try {
    const partial = join(work, 'tree.tar');
    const repository = await debianRepository(work);
    const options = ['--variant=minbase', `--include=${version.packages.join(',')}`, ...EXCLUDED];
    await mustRun(BUILDER, [...options, DEBIAN_SUITE, partial, ...(repository ? [repository] : [])]);
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
