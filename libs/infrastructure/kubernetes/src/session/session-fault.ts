import type { ContainerStatus, KubePod } from './kube-pod.js';
import type { SessionSight } from './session-sight.js';

/** Waiting for these never ends well: the image or the order to run it has to be mended by people. */
const hopelessReasons: Readonly<Record<string, string>> = {
  ErrImageNeverPull: 'is not on the node and must not be fetched',
  ImagePullBackOff: 'cannot be fetched',
  InvalidImageName: 'has a name that no registry knows',
};

const crashesUntilHopeless = 3;

/** Why a session that is being built cannot become ready, or undefined while it can. */
export function sessionFault({ workbench, controlPlane }: SessionSight): string | undefined {
  return podFault('workbench', workbench) ?? podFault('virtual cluster', controlPlane);
}

function podFault(what: string, pod: KubePod | undefined): string | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = pod?.status ?? {};
  for (const container of [...initContainerStatuses, ...containerStatuses]) {
    const fault = containerFault(container);
    if (fault) return `The ${what} cannot start: ${fault}.`;
  }
  return undefined;
}

function containerFault({ name, state, restartCount, lastState }: ContainerStatus): string | undefined {
  const { reason = '' } = state?.waiting ?? {};
  const image = hopelessReasons[reason];
  if (image) return `the image of ${name} ${image}`;
  if (reason !== 'CrashLoopBackOff' || restartCount < crashesUntilHopeless) return undefined;
  return `${name} ends again and again (${lastState?.terminated?.reason ?? 'Error'})`;
}
