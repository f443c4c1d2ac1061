import type { Usage } from '@nalabo/contracts';
import type { UsageSample } from '@nalabo/infrastructure-port';
import { cpuMillicores, type CpuReading } from './cpu-rate.js';
import type { UsageSampleEntity } from './usage-sample.entity.js';

/** A fresh sample with its CPU rate since the one before. */
export function measure(sample: UsageSample, at: Date, previous: CpuReading | undefined): UsageSampleEntity {
  return { ...sample, at, cpuMillicores: cpuMillicores(previous, { at, cpuSecondsTotal: sample.cpuSecondsTotal }) };
}

export function toUsage(row: UsageSampleEntity): Usage {
  return {
    at: row.at.toISOString(),
    cpuMillicores: row.cpuMillicores,
    cpuSecondsTotal: row.cpuSecondsTotal,
    memoryBytes: row.memoryBytes,
    networkReceivedBytes: row.networkReceivedBytes,
    networkSentBytes: row.networkSentBytes,
    processes: row.processes,
  };
}
