import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../machine/cache-directory.js';
import type { Report } from '../machine/report.js';
import { buildImage, type ImageBuild } from '../workbench/engine-images.js';
import { exportFileTree, readImageConfig } from './engine-image-export.js';
import { loadOnRig, type Rig, rigHasImage } from './rig.js';

export interface RigImageOptions {
  rig: Rig;
  /** The engine that builds the images. */
  dockerHost: string;
  report: Report;
}

/** Builds an image by its Dockerfile and loads it, unless the rig has one of that name already. */
export async function ensureImageOnRig(options: RigImageOptions, build: ImageBuild): Promise<void> {
  if (await rigHasImage(options.rig, build.reference)) return;
  await buildImage(options.dockerHost, build);
  await copyToRig(options, build.reference);
}

/** Loads an image that the engine has. */
export async function copyToRig({ rig, dockerHost, report }: RigImageOptions, reference: string): Promise<void> {
  report(`Loading ${reference} into the cluster.`);
  const work = await mkdtemp(join(await cacheDirectory(), 'export-'));
  try {
    const tar = join(work, 'tree.tar');
    await exportFileTree(dockerHost, reference, tar);
    await loadOnRig(rig, reference, tar, await readImageConfig(dockerHost, reference));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
