import { systemClock } from '@nalabo/kernel';
import type { ContainerStatus, KubePod } from './kube-pod.js';
import { workbenchName } from './session-names.js';
import type { SessionSight } from './session-sight.js';

/** Waiting for these never ends well: the image or the order to run it has to be mended by people. */
const hopelessReasons: Readonly<Record<string, string>> = {
  ErrImageNeverPull: 'is not on the node and must not be fetched',
  InvalidImageName: 'has a name that no registry knows',
};

/** How long a node may fail to fetch an image: registries and networks have bad moments. */
const fetchPatienceMs = 90_000;

const crashesUntilHopeless = 3;

/** How a container has ended whose first process could not even be started. */
const endsBeforeStart = ['StartError', 'ContainerCannotRun'];

/** Why a session that is being built cannot become ready, or undefined while it can. */
export function sessionFault(
  { workbench, controlPlane }: SessionSight,
  now: Date = systemClock.now(),
): string | undefined {
  return podFault('workbench', workbench, now) ?? podFault('virtual cluster', controlPlane, now);
}

function podFault(what: string, pod: KubePod | undefined, now: Date): string | undefined {
  const { containerStatuses = [], initContainerStatuses = [], startTime } = pod?.status ?? {};
  const triedMs = startTime === undefined ? 0 : now.getTime() - Date.parse(startTime);
  for (const container of [...initContainerStatuses, ...containerStatuses]) {
    const fault = imageFault(container, triedMs) ?? crashFault(container);
    if (fault) return `The ${what} cannot start: ${fault}.`;
  }
  return undefined;
}

function imageFault({ name, state }: ContainerStatus, triedMs: number): string | undefined {
  const { reason = '' } = state?.waiting ?? {};
  const isUnfetched = reason === 'ImagePullBackOff' && triedMs >= fetchPatienceMs;
  const fault = isUnfetched ? 'cannot be fetched' : hopelessReasons[reason];
  return fault && `the image of ${name} ${fault}`;
}

function crashFault({ name, state, restartCount, lastState }: ContainerStatus): string | undefined {
  if (state?.waiting?.reason !== 'CrashLoopBackOff' || restartCount < crashesUntilHopeless) return undefined;
  const end = lastState?.terminated?.reason ?? 'Error';
  // A learner may end his own workbench as often as he likes: its node brings it back.
  if (name === workbenchName && !endsBeforeStart.includes(end)) return undefined;
  return `${name} ends again and again (${end})`;
}
