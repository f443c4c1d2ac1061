import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheDirectory } from '../machine/cache-directory.js';
import { mustRun } from '../machine/run-program.js';
import { imageId, importImage } from '../workbench/engine-images.js';
import type { WorkbenchImage } from '../workbench/ensure-workbench-image.js';
import { IMAGE_SOURCES, readImageSource, sourceHash } from '../workbench/image-source.js';
import { ensureImageOnRig, type RigImageOptions } from './ensure-image-on-rig.js';
import { tagOnRig } from './rig.js';

const REPOSITORY = 'nalabo/workbench-kubernetes';
/** A name that does not change with the content, for work by hand. */
const CURRENT = `${REPOSITORY}:dev`;
const SOURCE = join(IMAGE_SOURCES, 'workbench-kubernetes');
/** In the rig's folder as in the public image of kubectl. */
const KUBECTL = 'bin/kubectl';

/** The workbench with the rig's kubectl, on the rig under a name that changes with its content. Gives that name. */
export async function ensureKubernetesWorkbenchImage(
  options: RigImageOptions,
  workbench: WorkbenchImage,
): Promise<string> {
  const kubectl = await fileHash(join(options.rig.home, KUBECTL));
  const hash = sourceHash(await readImageSource(SOURCE), [workbench.id, kubectl]);
  const reference = `${REPOSITORY}:${hash}`;
  const kubectlImage = `nalabo/kubectl:${kubectl.slice(0, 12)}`;
  await ensureKubectlImage(options, kubectlImage);
  const args = { BASE: workbench.reference, KUBECTL: kubectlImage };
  await ensureImageOnRig(options, { directory: SOURCE, reference, args });
  await tagOnRig(options.rig, reference, CURRENT);
  return reference;
}

async function ensureKubectlImage({ rig, dockerHost }: RigImageOptions, reference: string): Promise<void> {
  if ((await imageId(dockerHost, reference)) !== undefined) return;
  const work = await mkdtemp(join(await cacheDirectory(), 'kubectl-'));
  try {
    const tar = join(work, 'kubectl.tar');
    await mustRun('tar', ['-C', rig.home, '-cf', tar, KUBECTL]);
    await importImage(dockerHost, tar, reference);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fileHash(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}
