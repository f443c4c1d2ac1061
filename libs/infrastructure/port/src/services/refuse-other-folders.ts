import { AppError } from '@nalabo/kernel';
import type { AppliedModel } from '../apply.js';
import type { FolderLook } from './claim-folders.js';

/**
 * A learner may put something of his own into the place of a folder. What stands in the way of an apply stands in the way of
 * its undoing too, so that it is noticed before anything is changed.
 * @param folders Those that are mounted before or after the apply, with their volumes.
 * @throws AppError `unprocessable` when one of them is neither a folder nor the link to its volume.
 */
export function refuseOtherFolders(
  folders: AppliedModel['folders'],
  { links, others }: Pick<FolderLook, 'links' | 'others'>,
): void {
  const leadsAway = ([folder, index]: readonly [string, number]): boolean =>
    others.includes(folder) || (Object.hasOwn(links, folder) && links[folder] !== index);
  const names = Object.entries(folders)
    .filter(leadsAway)
    .map(([folder]) => folder);
  if (names.length === 0) return;
  const publicMessage = `In the place of ${names.join(', ')} in the workspace is a file, or a link to elsewhere. Remove or rename it and apply again: what services see in the folder is kept.`;
  throw new AppError('unprocessable', publicMessage, { publicMessage });
}
