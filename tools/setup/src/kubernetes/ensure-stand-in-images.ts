import { join } from 'node:path';
import type { WorkbenchImage } from '../workbench/ensure-workbench-image.js';
import { IMAGE_SOURCES, readImageSource, sourceHash } from '../workbench/image-source.js';
import { ensureImageOnRig, type RigImageOptions } from './ensure-image-on-rig.js';
import { rigHasImage, tagOnRig } from './rig.js';

/** Images that workshops name and a cluster without a registry cannot pull, by the folder of what stands in for them. */
const STAND_INS = { 'nginx-stand-in': 'nginx:alpine' };

export async function ensureStandInImages(options: RigImageOptions, workbench: WorkbenchImage): Promise<void> {
  for (const [folder, name] of Object.entries(STAND_INS)) {
    const directory = join(IMAGE_SOURCES, folder);
    const hash = sourceHash(await readImageSource(directory), [workbench.id]);
    const reference = `nalabo/${folder}:${hash}`;
    // The name alone would not tell an old content from the present one.
    if ((await rigHasImage(options.rig, reference)) && (await rigHasImage(options.rig, name))) continue;
    await ensureImageOnRig(options, { directory, reference, args: { BASE: workbench.reference } });
    await tagOnRig(options.rig, reference, name);
  }
}
