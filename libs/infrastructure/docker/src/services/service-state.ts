import type { ServiceState } from '@nalabo/infrastructure-port';
import type { EngineContainer } from '../engine/engine-objects.js';
import { endpointsLabel, serviceLabel } from './service-labels.js';

/** The state of the service that a container is, or undefined when it is none. */
export function toServiceState({ labels, state, status }: EngineContainer): ServiceState | undefined {
  const name = labels[serviceLabel];
  if (name === undefined) return undefined;
  const isRunning = state === 'running' || state === 'paused' || state === 'restarting';
  return {
    name,
    state: isRunning ? 'running' : state === 'created' ? 'waiting' : 'ended',
    health: isRunning ? healthIn(status) : null,
    exitCode: isRunning || state === 'created' ? null : exitCodeIn(status),
  };
}

/** Whether nothing needs to be done for it: it runs, or has done all that it had to do. */
export function isWell({ state, exitCode }: ServiceState): boolean {
  return state === 'running' || (state === 'ended' && exitCode === 0);
}

/** Where the service listens, by the name that resolves inside of the session. */
export function toEndpoints({ labels }: EngineContainer): readonly { name: string; host: string; port: number }[] {
  const name = labels[serviceLabel];
  if (name === undefined) return [];
  const ports = (labels[endpointsLabel] ?? '').split(',').map((endpoint) => /^(\d+)\/(tcp|udp)$/.exec(endpoint)?.[1]);
  return ports.flatMap((port) => (port === undefined ? [] : [{ name, host: name, port: Number(port) }]));
}

/** The engine lists health only in words: `Up 3 seconds (healthy)`, `Up 1 second (health: starting)`. */
function healthIn(status: string): ServiceState['health'] {
  const [, word] = /\((?:health: )?(starting|healthy|unhealthy)\)/.exec(status) ?? [];
  return word === 'starting' || word === 'healthy' || word === 'unhealthy' ? word : null;
}

/** `Exited (137) 3 seconds ago`. */
function exitCodeIn(status: string): number | null {
  const [, code] = /^Exited \((\d+)\)/.exec(status) ?? [];
  return code === undefined ? null : Number(code);
}
