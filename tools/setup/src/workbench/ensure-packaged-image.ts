import { packageInstaller } from '../machine/install-packages.js';
import { buildImage, imageId, importImage, mustHaveImage } from './engine-images.js';
import type { WorkbenchImage, WorkbenchOptions } from './ensure-workbench-image.js';
import { imageSource, type ImageVersion, readImageVersion } from './image-version.js';
import { packageTree } from './package-tree.js';

/**
 * An image of ours under a name that changes with its description. Without a registry it starts from a tree of the Debian
 * packages that the description lists. Built when the engine does not have it yet.
 */
export async function ensurePackagedImage(name: string, options: WorkbenchOptions): Promise<WorkbenchImage> {
  const version = await readImageVersion(name);
  const reference = `nalabo/${name}:${version.imageHash}`;
  if ((await imageId(options.dockerHost, reference)) === undefined) {
    const base = await packagesImage(name, version, options);
    await buildImage(options.dockerHost, { directory: imageSource(name), reference, args: { BASE: base } });
    options.report(`Built ${reference}.`);
  }
  return { reference, id: await mustHaveImage(options.dockerHost, reference) };
}

async function packagesImage(name: string, version: ImageVersion, options: WorkbenchOptions): Promise<string> {
  const { dockerHost, report, install = packageInstaller({ report }) } = options;
  const reference = `nalabo/${name}-packages:${version.packagesHash}`;
  if ((await imageId(dockerHost, reference)) === undefined) {
    await importImage(dockerHost, await packageTree(name, version, { report, install }), reference);
  }
  return reference;
}
