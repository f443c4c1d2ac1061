import { AppError } from '@nalabo/kernel';
import { subnetOf, type SessionSpec } from '@nalabo/infrastructure-port';
import { networkLabel, serviceLabel } from '../services/service-labels.js';
import { identityOf } from './docker-labels.js';
import { flatten, type EngineObjects, type NamedObjects } from './session-objects.js';

export const nameTakenMessage = 'A name of the session is taken by something else.';

/**
 * What must go before the session can be built: objects of an older generation, a network with another subnet, and a
 * workbench that cannot run again or whose network is gone.
 * @throws AppError `conflict` when a name is taken by something foreign, or a newer generation has been built already.
 */
export function staleObjects({ owned, foreign }: NamedObjects, spec: SessionSpec): EngineObjects {
  const [taken] = foreign;
  if (taken) {
    const message = `the ${taken.kind} ${taken.name} exists and is not ours`;
    throw new AppError('conflict', message, { publicMessage: nameTakenMessage });
  }
  const newer = flatten(owned).find(({ labels }) => identityOf(labels).generation > spec.generation);
  if (newer) throw new AppError('conflict', `the ${newer.kind} ${newer.name} belongs to a newer generation`);

  const isOlder = ({ labels }: { labels: Readonly<Record<string, string>> }): boolean =>
    identityOf(labels).generation < spec.generation;
  const subnet = subnetOf(spec.subnetIndex);
  // Two engines' worth of haste can make two networks of one name; the first by id stays.
  const own = owned.networks.filter(({ labels }) => labels[networkLabel] === undefined);
  const usable = own.filter((network) => !isOlder(network) && network.subnet === subnet);
  const kept = usable.map(({ id }) => id).toSorted()[0];
  // A network can go only when nothing is in it any more, and services may be in several.
  const servicesLeave = own.some(({ id }) => id !== kept);
  return {
    containers: owned.containers.filter((container) => {
      const isService = container.labels[serviceLabel] !== undefined;
      const isAstray = isService ? servicesLeave : container.networkMode !== kept;
      return isOlder(container) || isAstray || container.state === 'dead' || container.state === 'removing';
    }),
    networks: owned.networks.filter((network) => isOlder(network) || (own.includes(network) && network.id !== kept)),
    volumes: owned.volumes.filter(isOlder),
  };
}

export function withoutObjects(all: EngineObjects, stale: EngineObjects): EngineObjects {
  return {
    containers: all.containers.filter((container) => !stale.containers.includes(container)),
    networks: all.networks.filter((network) => !stale.networks.includes(network)),
    volumes: all.volumes.filter((volume) => !stale.volumes.includes(volume)),
  };
}
