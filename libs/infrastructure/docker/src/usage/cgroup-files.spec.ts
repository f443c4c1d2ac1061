import { describe, expect, it } from 'vitest';
import { cgroupCandidates, cpuSeconds, firstMember, memoryBytes, processCount, traffic } from './cgroup-files.js';

describe('cgroup figures', () => {
  it('are looked for in both layouts and under both namings', () => {
    expect(cgroupCandidates('1f').map(({ cpu }) => cpu)).toEqual([
      '/sys/fs/cgroup/docker/1f/cpu.stat',
      '/sys/fs/cgroup/system.slice/docker-1f.scope/cpu.stat',
      '/sys/fs/cgroup/cpuacct/docker/1f/cpuacct.usage',
      '/sys/fs/cgroup/cpuacct/system.slice/docker-1f.scope/cpuacct.usage',
    ]);
  });

  it('give the CPU in seconds', () => {
    expect(cpuSeconds('v1', '1500000000\n')).toBe(1.5);
    expect(cpuSeconds('v2', 'usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n')).toBe(2.5);
    expect(cpuSeconds('v2', '')).toBeNull();
  });

  it('give memory without the file cache that can go', () => {
    expect(memoryBytes('v1', '5000\n', 'inactive_file 1\ntotal_inactive_file 1200\n')).toBe(3800);
    expect(memoryBytes('v2', '5000\n', 'anon 7\ninactive_file 1200\n')).toBe(3800);
    expect(memoryBytes('v2', '100\n', 'inactive_file 1200\n')).toBe(0);
    expect(memoryBytes('v2', 'max', '')).toBeNull();
  });

  it('give the number of processes and one of them', () => {
    expect(processCount('3\n')).toBe(3);
    expect(firstMember('4711\n4712\n')).toBe(4711);
    expect(firstMember('')).toBeUndefined();
    expect(firstMember('0\n')).toBeUndefined();
  });

  it('give the traffic of all interfaces but the loopback', () => {
    const text = [
      'Inter-|   Receive                                                |  Transmit',
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
      '    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0',
      '  eth0:    1306      17    0    0    0     0          0         0      250       3    0    0    0     0       0          0',
    ].join('\n');
    expect(traffic(text)).toEqual({ receivedBytes: 1306, sentBytes: 250 });
  });
});
