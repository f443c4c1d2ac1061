import {
  folderVolumeCount,
  ownershipOf,
  prefixedLabels,
  sessionObjectName,
  type SessionSpec,
} from '@nalabo/infrastructure-port';
import type { CreateBody } from '../engine/engine-objects.js';
import { labelPrefix, storageLabel } from './docker-labels.js';

/** The workspace gets half of the session's storage, each folder volume a tenth. */
const workspaceShare = 2;
const folderShare = 10;

/** The create requests of a session's volumes. Sizes are given only to an engine that is proven to hold them. */
export function volumeOptions(
  spec: SessionSpec,
  { instance, enforceSize }: { readonly instance: string; readonly enforceSize: boolean },
): readonly (CreateBody & { readonly Name: string })[] {
  const labels = prefixedLabels(ownershipOf(instance, spec), labelPrefix);
  const { storageBytes } = spec.limits;
  const sized = (share: number): Record<string, string> =>
    enforceSize ? { size: String(Math.floor(storageBytes / share)) } : {};
  const folders = Array.from({ length: folderVolumeCount }, (_, index) => ({
    Name: sessionObjectName(spec.sessionId, `f${index}`),
    Driver: 'local',
    DriverOpts: sized(folderShare),
    Labels: labels,
  }));
  const workspace = {
    Name: sessionObjectName(spec.sessionId, 'workspace'),
    Driver: 'local',
    DriverOpts: sized(workspaceShare),
    Labels: { ...labels, [storageLabel]: String(storageBytes) },
  };
  return [workspace, ...folders];
}
