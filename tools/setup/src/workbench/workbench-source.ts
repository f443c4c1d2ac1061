import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** The description of the image: Dockerfile, package list and files. It is the same whichever way it is built. */
export const WORKBENCH_SOURCE = join(import.meta.dirname, '../../../../deploy/images/workbench');

/** The Debian release the packages come from; the Dockerfile names the matching image. */
export const WORKBENCH_SUITE = 'bookworm';

const HASH_LENGTH = 12;

export interface SourceFile {
  path: string;
  executable: boolean;
  content: Buffer;
}

export interface WorkbenchVersion {
  packages: string[];
  /** Changes with the packages alone: names the tree that is expensive to make. */
  packagesHash: string;
  /** Changes with any file of the description. */
  imageHash: string;
}

export async function readWorkbenchVersion(directory = WORKBENCH_SOURCE): Promise<WorkbenchVersion> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry): Promise<SourceFile> => {
        const path = join(entry.parentPath, entry.name);
        const { mode } = await stat(path);
        return { path: relative(directory, path), executable: (mode & 0o100) !== 0, content: await readFile(path) };
      }),
  );
  return workbenchVersion(files, process.arch);
}

/** The version that follows from the files alone, in whatever order they were read. */
export function workbenchVersion(files: SourceFile[], architecture: string): WorkbenchVersion {
  const list = files.find((file) => file.path === 'packages.txt')?.content.toString('utf8') ?? '';
  const packages = list.split(/\s+/).filter((name) => name !== '');
  const packagesHash = hash([WORKBENCH_SUITE, architecture, ...[...packages].sort()]);
  const parts = files.map((file) => [file.path, String(file.executable), hash([file.content])].join(' ')).sort();
  return { packages, packagesHash, imageHash: hash([packagesHash, ...parts]) };
}

function hash(parts: (string | Buffer)[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part).update('\0');
  return digest.digest('hex').slice(0, HASH_LENGTH);
}
