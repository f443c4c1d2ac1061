import { processorTime } from './processor-time.js';

export interface Load {
  readonly perSecond: number;
  /** Of processor time, by everything that takes part. */
  readonly cpuMsPerCommand: number;
}

export interface LoadOptions {
  readonly inFlight: number;
  readonly seconds: number;
  readonly containerIds: readonly string[];
  /** Runs one command to its end; `worker` counts from 0 to below `inFlight`. */
  readonly command: (worker: number) => Promise<unknown>;
}

/** Keeps as many commands in flight as told, each worker beginning the next when its last has ended. */
export async function measureLoad({ inFlight, seconds, containerIds, command }: LoadOptions): Promise<Load> {
  const cpuBefore = processorTime(containerIds);
  const startedAt = performance.now();
  const end = startedAt + seconds * 1000;
  let finished = 0;
  const work = async (worker: number): Promise<void> => {
    while (performance.now() < end) {
      await command(worker);
      finished += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, worker) => work(worker)));
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  const cpu = processorTime(containerIds) - cpuBefore;
  return { perSecond: finished / elapsedSeconds, cpuMsPerCommand: cpu / finished };
}
