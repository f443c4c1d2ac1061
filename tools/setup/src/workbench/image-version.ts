import { join } from 'node:path';
import { IMAGE_SOURCES, readImageSource, shortHash, type SourceFile, sourceHash } from './image-source.js';

/** The Debian release the packages come from; the Dockerfile of the workbench names the matching image. */
export const DEBIAN_SUITE = 'bookworm';

/** What an image made from Debian packages consists of. */
export interface ImageVersion {
  packages: string[];
  /** Changes with the packages alone: names the tree that is expensive to make. */
  packagesHash: string;
  /** Changes with any file of the description. */
  imageHash: string;
}

/** Where an image of ours is described: Dockerfile, package list and files. */
export function imageSource(name: string): string {
  return join(IMAGE_SOURCES, name);
}

export async function readImageVersion(name: string): Promise<ImageVersion> {
  return imageVersion(await readImageSource(imageSource(name)), process.arch);
}

/** The version that follows from the files alone, in whatever order they were read. */
export function imageVersion(files: SourceFile[], architecture: string): ImageVersion {
  const list = files.find((file) => file.path === 'packages.txt')?.content.toString('utf8') ?? '';
  const packages = list.split(/\s+/).filter((name) => name !== '');
  const packagesHash = shortHash([DEBIAN_SUITE, architecture, ...[...packages].sort()]);
  return { packages, packagesHash, imageHash: sourceHash(files, [packagesHash]) };
}
