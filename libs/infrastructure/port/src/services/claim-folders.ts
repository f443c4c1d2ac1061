import { AppError } from '@nalabo/kernel';
import type { AppliedModel } from '../apply.js';
import { folderVolumeCount } from '../ownership.js';

/** What a session's workspace shows of folders and of the volumes that they may be kept in. */
export interface FolderLook {
  /** The volume that a folder is a link to already. */
  readonly links: Readonly<Record<string, number>>;
  /** The volumes that hold something. */
  readonly filled: readonly number[];
  /** The folders that are no folders, but files or links to anywhere else. */
  readonly others: readonly string[];
}

/**
 * Gives each folder a volume. A folder that has one keeps it, also when nobody but its link remembers; of the others those
 * come first that hold nothing.
 * @throws AppError `unprocessable` when no empty volume is left.
 */
export function claimFolders(
  folders: readonly string[],
  current: AppliedModel['folders'],
  { links, filled }: Omit<FolderLook, 'others'>,
): AppliedModel['folders'] {
  const claims = new Map<string, number>();
  const isFree = (index: number | undefined): index is number =>
    index !== undefined && index < folderVolumeCount && ![...claims.values()].includes(index);
  for (const memory of [current, links]) {
    for (const folder of folders.filter((one) => !claims.has(one))) {
      const index = Object.hasOwn(memory, folder) ? memory[folder] : undefined;
      if (isFree(index)) claims.set(folder, index);
    }
  }
  // What an apply has moved that was cut off is still wanted; what folders hold that are mounted no longer moves back first.
  const kept = filled.filter((index) => !Object.values(current).includes(index));
  for (const folder of folders.filter((one) => !claims.has(one))) {
    const index = volumeIndexes.find((one) => isFree(one) && !kept.includes(one));
    if (index === undefined) throw noVolumeLeft(folder);
    claims.set(folder, index);
  }
  return Object.fromEntries(claims);
}

const volumeIndexes = Array.from({ length: folderVolumeCount }, (_, index) => index);

function noVolumeLeft(folder: string): AppError {
  const publicMessage = `There is no place left for the folder ${folder}: a session mounts ${folderVolumeCount} at most.`;
  return new AppError('unprocessable', publicMessage, { publicMessage });
}
