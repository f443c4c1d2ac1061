import { standIns } from '../stand-ins/stand-ins.js';
import { ensurePackagedImage } from '../workbench/ensure-packaged-image.js';
import type { WorkbenchOptions } from '../workbench/ensure-workbench-image.js';
import { copyToRig, type RigImageOptions } from './ensure-image-on-rig.js';
import { rigHasImage, tagOnRig } from './rig.js';

/** The images that workshops on Kubernetes name. */
const names = ['nginx:alpine'] as const;

/** A cluster without a registry cannot pull what workshops name. */
export async function ensureStandInsOnRig(onRig: RigImageOptions, options: WorkbenchOptions): Promise<void> {
  for (const name of names) {
    const { reference } = await ensurePackagedImage(standIns[name], options);
    // The name alone would not tell an old content from the present one.
    if ((await rigHasImage(onRig.rig, reference)) && (await rigHasImage(onRig.rig, name))) continue;
    await copyToRig(onRig, reference);
    await tagOnRig(onRig.rig, reference, name);
  }
}
