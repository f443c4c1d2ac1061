import { createHash } from 'node:crypto';
import { sessionObjectName, type Ownership } from '@nalabo/infrastructure-port';
import { labelPrefix } from '../session/docker-labels.js';

/** On a container: the name of the service in its file. */
export const serviceLabel = `${labelPrefix}service`;
/** On a further network of a session: its name in the file. */
export const networkLabel = `${labelPrefix}network`;
/** On a named volume: its name in the file. */
export const volumeLabel = `${labelPrefix}volume`;
/** On a service's container: what it was made from. */
export const digestLabel = `${labelPrefix}model-digest`;
/** On a service's container: the ports that it listens on, as `80/tcp,53/udp`. */
export const endpointsLabel = `${labelPrefix}endpoints`;

type Labels = Readonly<Record<string, string>>;

const ownershipKeys = {
  'managed-by': true,
  instance: true,
  session: true,
  generation: true,
  workshop: true,
  'ends-by': true,
} as const satisfies Record<keyof Ownership, true>;

/** The labels by which a session's workbench is ours, for everything that is made beside it. */
export function ownershipLabels(workbench: Labels): Labels {
  return Object.fromEntries(
    Object.keys(ownershipKeys).map((key) => [`${labelPrefix}${key}`, workbench[`${labelPrefix}${key}`] ?? '']),
  );
}

export const serviceName = (sessionId: string, service: string): string =>
  sessionObjectName(sessionId, `s-${shortened(service)}`);
export const networkName = (sessionId: string, network: string): string =>
  sessionObjectName(sessionId, `n-${shortened(network)}`);
export const volumeName = (sessionId: string, volume: string): string =>
  sessionObjectName(sessionId, `v-${shortened(volume)}`);
export const folderVolumeName = (sessionId: string, index: number): string => sessionObjectName(sessionId, `f${index}`);

/** With the session's own part in front, no name is longer than the 63 characters that a name of a host may have. */
const longestPart = 19;
/** A name of just that length could otherwise be what a longer one is shortened to. */
const likeShortened = /^.{10}-[0-9a-f]{8}$/;

function shortened(name: string): string {
  if (name.length <= longestPart && !likeShortened.test(name)) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longestPart - digest.length - 1)}-${digest}`;
}
