import { furtherNetworkCount, subnetOf } from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import type { CreateBody, EngineNetwork } from '../engine/engine-objects.js';
import { platformNetworkLabel } from '../session/docker-labels.js';
import { isolatedBridge } from '../session/network-options.js';
import { networkLabel, networkName, volumeLabel, volumeName } from './service-labels.js';
import type { ServiceSession } from './service-session.js';

/** The create request of a further network of a session, on the first subnet of its own that is free. */
export function serviceNetworkOptions(
  session: ServiceSession,
  name: string,
  existing: readonly EngineNetwork[],
): CreateBody & { readonly Name: string } {
  const taken = new Set(existing.map(({ subnet }) => subnet));
  const subnet = Array.from({ length: furtherNetworkCount }, (_, index) =>
    subnetOf(session.subnetIndex, index + 1),
  ).find((one) => !taken.has(one));
  if (subnet === undefined) throw new AppError('exhausted', `session ${session.sessionId} has no subnet left`);
  return {
    Name: networkName(session.sessionId, name),
    ...isolatedBridge(subnet),
    Labels: { ...session.labels, [platformNetworkLabel]: session.platformNetwork, [networkLabel]: name },
  };
}

/** The create request of a named volume, held to a size where those of the session are. */
export function serviceVolumeOptions(session: ServiceSession, name: string): CreateBody & { readonly Name: string } {
  return {
    Name: volumeName(session.sessionId, name),
    Driver: 'local',
    DriverOpts: session.volumeOptions,
    Labels: { ...session.labels, [volumeLabel]: name },
  };
}
