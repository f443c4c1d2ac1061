import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from './find-program.js';
import { runProgram } from './run-program.js';

const FORMAT = '$(REPO_URI) $(RELEASE) $(COMPONENT)';

/**
 * The address this machine gets Debian's main component from, by its own configuration: a mirror or proxy set up there
 * is then used for other suites too. Undefined on a machine that is not Debian. apt names only sources whose lists it
 * has, so a machine that never updated them gets lists of our own under `directory`.
 */
export async function debianRepository(directory: string): Promise<string | undefined> {
  if ((await findProgram('apt-get')) === undefined) return undefined;
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const known = parseDebianRepository(release, await sources([]));
  if (known !== undefined || !release.includes('ID=debian')) return known;
  const lists = join(directory, 'machine-lists');
  await mkdir(join(lists, 'partial'), { recursive: true });
  const ownLists = ['-o', `Dir::State::Lists=${lists}`, '-o', 'APT::Sandbox::User=root'];
  await runProgram('apt-get', [...ownLists, 'update', '-q']);
  return parseDebianRepository(release, await sources(ownLists));
}

async function sources(options: string[]): Promise<string> {
  const args = [...options, 'indextargets', '--format', FORMAT, 'Created-By: Packages'];
  return (await runProgram('apt-get', args)).stdout;
}

/** Finds, among apt's lines of "address release component", the one that serves the installed Debian release. */
export function parseDebianRepository(osRelease: string, targets: string): string | undefined {
  const field = (name: string): string | undefined => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(osRelease)?.[1];
  const codename = field('VERSION_CODENAME');
  if (field('ID') !== 'debian' || codename === undefined) return undefined;
  return targets
    .split('\n')
    .map((line) => line.trim().split(' '))
    .find(([, release, component]) => release === codename && component === 'main')?.[0];
}
