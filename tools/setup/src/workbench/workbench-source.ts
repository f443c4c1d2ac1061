import { join } from 'node:path';
import { IMAGE_SOURCES, readImageSource, shortHash, type SourceFile, sourceHash } from './image-source.js';

/** The description of the image: Dockerfile, package list and files. It is the same whichever way it is built. */
export const WORKBENCH_SOURCE = join(IMAGE_SOURCES, 'workbench');

/** The Debian release the packages come from; the Dockerfile names the matching image. */
export const WORKBENCH_SUITE = 'bookworm';

export interface WorkbenchVersion {
  packages: string[];
  /** Changes with the packages alone: names the tree that is expensive to make. */
  packagesHash: string;
  /** Changes with any file of the description. */
  imageHash: string;
}

export async function readWorkbenchVersion(): Promise<WorkbenchVersion> {
  return workbenchVersion(await readImageSource(WORKBENCH_SOURCE), process.arch);
}

/** The version that follows from the files alone, in whatever order they were read. */
export function workbenchVersion(files: SourceFile[], architecture: string): WorkbenchVersion {
  const list = files.find((file) => file.path === 'packages.txt')?.content.toString('utf8') ?? '';
  const packages = list.split(/\s+/).filter((name) => name !== '');
  const packagesHash = shortHash([WORKBENCH_SUITE, architecture, ...[...packages].sort()]);
  return { packages, packagesHash, imageHash: sourceHash(files, [packagesHash]) };
}
