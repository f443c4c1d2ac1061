import { SetupError } from '../machine/setup-error.js';
import { findImage, pullImage, tagImage } from '../workbench/engine-images.js';
import { ensurePackagedImage } from '../workbench/ensure-packaged-image.js';
import type { WorkbenchOptions } from '../workbench/ensure-workbench-image.js';
import { isStandInName, standInLabel, type StandInName, standIns } from './stand-ins.js';

/**
 * Makes sure that the engine has those of the images that something can stand in for: the real one, which is never
 * replaced, or where it can be neither found nor pulled the one that is built here. All others are left to the engine. One
 * that cannot be had is reported, since workshops that do not need it work all the same.
 */
export async function ensureServiceImages(references: Iterable<string>, options: WorkbenchOptions): Promise<void> {
  for (const reference of new Set(references)) {
    if (!isStandInName(reference)) continue;
    try {
      await ensureServiceImage(reference, options);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      options.report(`${reference} is missing, so that no service of it can start: ${error.message}`);
    }
  }
}

async function ensureServiceImage(reference: StandInName, options: WorkbenchOptions): Promise<void> {
  const { dockerHost, report } = options;
  const present = await findImage(dockerHost, reference);
  if (present && present.labels[standInLabel] === undefined) return;
  if (!present && (await isPulled(reference, options))) return;
  const standIn = await ensurePackagedImage(standIns[reference], options);
  if (present?.id === standIn.id) return;
  await tagImage(dockerHost, standIn.id, reference);
  report(`${reference} is a stand-in, built from Debian packages.`);
}

async function isPulled(reference: string, { dockerHost, report }: WorkbenchOptions): Promise<boolean> {
  report(`Pulling ${reference}.`);
  try {
    await pullImage(dockerHost, reference);
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    report(`${reference} cannot be pulled (${error.message}).`);
    return false;
  }
}
