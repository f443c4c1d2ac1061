import type Docker from 'dockerode';
import type { EngineContainer, EngineFacilities, EngineFilter, EngineNetwork, EngineVolume } from './engine-objects.js';

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

/** The library's types lack some of what engines answer. An engine that says nothing of a limit does not hold it. */
export function toFacilities(info: object): EngineFacilities {
  const { CgroupVersion, CpuCfsQuota, MemoryLimit, PidsLimit } = info as Partial<Record<string, unknown>>;
  return {
    cgroupVersion: typeof CgroupVersion === 'string' ? CgroupVersion : '1',
    limitsCpu: CpuCfsQuota === true,
    limitsMemory: MemoryLimit === true,
    limitsProcesses: PidsLimit === true,
  };
}

export function toFilters({ name, labels }: EngineFilter): Record<string, string[]> {
  return {
    ...(name === undefined ? {} : { name: [name] }),
    ...(labels === undefined ? {} : { label: Object.entries(labels).map(([key, value]) => `${key}=${value}`) }),
  };
}
