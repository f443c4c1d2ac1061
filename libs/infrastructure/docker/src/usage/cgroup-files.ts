/** Where the kernel keeps a container's figures on the engine's own machine, and how they read. */

const root = '/sys/fs/cgroup';

export type CgroupLayout = 'v1' | 'v2';

export interface CgroupFiles {
  readonly layout: CgroupLayout;
  readonly cpu: string;
  readonly memory: string;
  readonly memoryStat: string;
  readonly processCount: string;
  readonly members: string;
}

/** Every place where an engine may keep it: both cgroup versions, each with the engine's own and systemd's naming. */
export function cgroupCandidates(containerId: string): readonly CgroupFiles[] {
  const parents = [`docker/${containerId}`, `system.slice/docker-${containerId}.scope`];
  return [...parents.map(versionTwo), ...parents.map(versionOne)];
}

/** Seconds of CPU from `cpuacct.usage` (nanoseconds) or `cpu.stat`. */
export function cpuSeconds(layout: CgroupLayout, text: string): number | null {
  const count = layout === 'v1' ? integer(text) : field(text, 'usage_usec');
  return count === null ? null : count / (layout === 'v1' ? 1e9 : 1e6);
}

/** Bytes in use without the file cache that the kernel would give up at once. */
export function memoryBytes(layout: CgroupLayout, usage: string, stat: string): number | null {
  const used = integer(usage);
  const inactive = field(stat, layout === 'v1' ? 'total_inactive_file' : 'inactive_file') ?? 0;
  return used === null ? null : Math.max(0, used - inactive);
}

export function processCount(text: string): number | null {
  return integer(text);
}

/** The first process of a group, as seen from here; undefined when there is none, or in another process namespace. */
export function firstMember(text: string): number | undefined {
  const pid = integer(text.split('\n')[0] ?? '');
  return pid === null || pid === 0 ? undefined : pid;
}

export interface Traffic {
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** Sums `/proc/<pid>/net/dev` over all interfaces but the loopback. */
export function traffic(text: string): Traffic {
  const rows = text.split('\n').flatMap((line) => {
    const [name, figures] = line.split(':');
    if (name === undefined || figures === undefined || name.trim() === 'lo') return [];
    const columns = figures.trim().split(/\s+/).map(Number);
    return [{ received: columns[0] ?? 0, sent: columns[8] ?? 0 }];
  });
  return {
    receivedBytes: rows.reduce((sum, { received }) => sum + received, 0),
    sentBytes: rows.reduce((sum, { sent }) => sum + sent, 0),
  };
}

function versionOne(path: string): CgroupFiles {
  return {
    layout: 'v1',
    cpu: `${root}/cpuacct/${path}/cpuacct.usage`,
    memory: `${root}/memory/${path}/memory.usage_in_bytes`,
    memoryStat: `${root}/memory/${path}/memory.stat`,
    processCount: `${root}/pids/${path}/pids.current`,
    members: `${root}/pids/${path}/cgroup.procs`,
  };
}

function versionTwo(path: string): CgroupFiles {
  return {
    layout: 'v2',
    cpu: `${root}/${path}/cpu.stat`,
    memory: `${root}/${path}/memory.current`,
    memoryStat: `${root}/${path}/memory.stat`,
    processCount: `${root}/${path}/pids.current`,
    members: `${root}/${path}/cgroup.procs`,
  };
}

function integer(text: string): number | null {
  return /^\d+$/.test(text.trim()) ? Number(text.trim()) : null;
}

function field(text: string, name: string): number | null {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? null : integer(line.slice(name.length + 1));
}
