import type { BuildParameters } from '../engine/builds.client.js';
import { buildLimits } from './build-limits.js';

export interface BuildRequest {
  /** The name that the image gets. */
  readonly tag: string;
  /** Of the Dockerfile in what is sent. */
  readonly dockerfile: string;
  /** The control group that holds all processes of builds together to a number. */
  readonly cgroupParent: string;
}

const cpuPeriodMicroseconds = 100_000;
const { cpuMillis, memoryBytes, sharedMemoryBytes, openFiles, fileBytes } = buildLimits;

const ulimits = [
  { Name: 'nofile', Soft: openFiles, Hard: openFiles },
  { Name: 'fsize', Soft: fileBytes, Hard: fileBytes },
  { Name: 'core', Soft: 0, Hard: 0 },
];

/** All that the engine's own builder is told of a build besides its files. */
export function buildParameters({ tag, dockerfile, cgroupParent }: BuildRequest): BuildParameters {
  return {
    t: tag,
    dockerfile,
    cgroupparent: cgroupParent,
    networkmode: 'none',
    memory: String(memoryBytes),
    // Equal to memory: no swap.
    memswap: String(memoryBytes),
    cpuperiod: String(cpuPeriodMicroseconds),
    cpuquota: String((cpuPeriodMicroseconds * cpuMillis) / 1000),
    shmsize: String(sharedMemoryBytes),
    ulimits: JSON.stringify(ulimits),
    rm: '1',
    forcerm: '1',
  };
}
