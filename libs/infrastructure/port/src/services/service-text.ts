import { createHash } from 'node:crypto';
import type { ComposeService } from '@nalabo/policy';
import { stringify } from 'yaml';
import type { AppliedModel } from '../apply.js';

type Folders = AppliedModel['folders'];

/** A service in one spelling, whatever its file looked like: for people to compare. */
export function serviceText(service: ComposeService): string {
  return stringify(service, { sortMapEntries: true, lineWidth: 0 });
}

/**
 * What tells two forms of a service apart: all that it is made from, and the volumes that its folders are kept in, which are
 * all of them where it mounts the workspace. A service that is there with the digest of the wanted one need not be made again.
 */
export function serviceDigest(service: ComposeService, folders: Folders): string {
  const volumes = service.mounts.flatMap(({ source }) => {
    if (source.kind === 'workspace') return Object.values(folders).toSorted((one, other) => one - other);
    return source.kind === 'folder' ? [folders[source.folder]] : [];
  });
  return createHash('sha256')
    .update(JSON.stringify([serviceText(service), volumes]))
    .digest('hex');
}
