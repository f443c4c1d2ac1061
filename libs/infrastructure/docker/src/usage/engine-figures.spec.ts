import { describe, expect, it } from 'vitest';
import { toUsageSample } from './engine-figures.js';

describe('toUsageSample', () => {
  it('reads what a running container answers', () => {
    const answer = {
      read: '2026-01-01T00:00:00Z',
      pids_stats: { current: 3, limit: 256 },
      cpu_stats: { cpu_usage: { total_usage: 1_500_000_000, percpu_usage: [1, 2] }, online_cpus: 2 },
      memory_stats: { usage: 5000, limit: 9000, stats: { cache: 4, inactive_file: 7, total_inactive_file: 1200 } },
      networks: { eth0: { rx_bytes: 10, tx_bytes: 20 }, eth1: { rx_bytes: 1, tx_bytes: 2 } },
    };
    expect(toUsageSample('a', answer)).toEqual({
      sessionId: 'a',
      cpuSecondsTotal: 1.5,
      memoryBytes: 3800,
      networkReceivedBytes: 11,
      networkSentBytes: 22,
      processes: 3,
    });
  });

  it('gives no sample for a stopped container', () => {
    const answer = {
      read: '0001-01-01T00:00:00Z',
      pids_stats: {},
      cpu_stats: { cpu_usage: { total_usage: 0 } },
      memory_stats: {},
    };
    expect(toUsageSample('a', answer)).toBeUndefined();
  });

  it('gives null for the figures that are missing', () => {
    expect(toUsageSample('a', { memory_stats: { usage: 1 } })).toEqual({
      sessionId: 'a',
      cpuSecondsTotal: null,
      memoryBytes: 1,
      networkReceivedBytes: null,
      networkSentBytes: null,
      processes: null,
    });
  });
});
