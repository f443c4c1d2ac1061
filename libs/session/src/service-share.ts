import type { Limits } from '@nalabo/contracts';

/** What the services that a session runs beside its workbench may take together. */
export interface ServiceShare {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly processes: number;
}

const leastWorkbenchMemoryBytes = 256 * 2 ** 20;
const processes = 256;

/** The workbench keeps half of the session, and never less memory than its tools need: the rest is for services. */
export function serviceShare({ cpuMillicores, memoryBytes }: Limits): ServiceShare {
  const workbenchMemory = Math.max(leastWorkbenchMemoryBytes, Math.ceil(memoryBytes / 2));
  return {
    cpuMillis: Math.floor(cpuMillicores / 2),
    memoryBytes: Math.max(0, memoryBytes - workbenchMemory),
    processes,
  };
}
