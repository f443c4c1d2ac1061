import type Docker from 'dockerode';
import type { EngineContainer, EngineFilter, EngineNetwork, EngineVolume } from './engine-objects.js';

export function toContainer(info: Docker.ContainerInfo): EngineContainer {
  return {
    id: info.Id,
    name: (info.Names[0] ?? '').replace(/^\//, ''),
    labels: info.Labels,
    state: info.State,
    status: info.Status,
    networkMode: info.HostConfig.NetworkMode,
  };
}

export function toNetwork(info: Docker.NetworkInspectInfo): EngineNetwork {
  return {
    id: info.Id,
    name: info.Name,
    labels: info.Labels ?? {},
    subnet: info.IPAM?.Config?.[0]?.['Subnet'],
  };
}

export function toVolume(info: Docker.VolumeInspectInfo): EngineVolume {
  // Both are null, not empty, on a volume that was made without them.
  return { name: info.Name, labels: info.Labels ?? {}, options: info.Options ?? {} };
}

export function toFilters({ name, labels }: EngineFilter): Record<string, string[]> {
  return {
    ...(name === undefined ? {} : { name: [name] }),
    ...(labels === undefined ? {} : { label: Object.entries(labels).map(([key, value]) => `${key}=${value}`) }),
  };
}
