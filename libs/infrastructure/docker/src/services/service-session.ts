import { sessionObjectName, subnetIndexOf, type SessionRef } from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import type { EngineContainer, EngineNetwork } from '../engine/engine-objects.js';
import { identityOf, platformNetworkLabel } from '../session/docker-labels.js';
import type { EngineObjects } from '../session/session-objects.js';
import { ownershipLabels } from './service-labels.js';

/** A session as its services need to know it: whoever makes them learns it from the engine. */
export interface ServiceSession {
  readonly sessionId: string;
  /** For everything that is made beside the workbench. */
  readonly labels: Readonly<Record<string, string>>;
  readonly workbench: EngineContainer;
  readonly network: EngineNetwork;
  readonly subnetIndex: number;
  readonly platformNetwork: string;
  /** Whether the volumes of the session are held to a size, and to which. */
  readonly volumeOptions: Readonly<Record<string, string>>;
}

/** @throws AppError `not_found` when the session has no running workbench of this generation. */
export function serviceSessionOf({ sessionId, generation }: SessionRef, objects: EngineObjects): ServiceSession {
  const name = sessionObjectName(sessionId);
  const workbench = objects.containers.find((one) => one.name === name && one.state === 'running');
  const network = objects.networks.find((one) => one.name === name);
  const subnetIndex = subnetIndexOf(network?.subnet ?? '');
  if (!workbench || !network || subnetIndex === undefined || identityOf(workbench.labels).generation !== generation) {
    throw new AppError('not_found', `session ${sessionId} has no running workbench`);
  }
  return {
    sessionId,
    labels: ownershipLabels(workbench.labels),
    workbench,
    network,
    subnetIndex,
    platformNetwork: network.labels[platformNetworkLabel] ?? '',
    volumeOptions: objects.volumes.find((one) => one.name === `${name}-f0`)?.options ?? {},
  };
}
