import { setTimeout as pause } from 'node:timers/promises';
import { processorTime } from './processor-time.js';

export interface Load {
  readonly perSecond: number;
  /** Of processor time, by everything that takes part, without what it uses when nobody asks for anything. */
  readonly cpuMsPerCommand: number;
}

export interface LoadOptions {
  readonly inFlight: number;
  readonly seconds: number;
  readonly containerIds: readonly string[];
  /** What everything uses in a second without a command. */
  readonly idleCpuMs: number;
  /** Runs one command to its end; `worker` counts from 0 to below `inFlight`. */
  readonly command: (worker: number) => Promise<unknown>;
}

/** Keeps as many commands in flight as told, each worker beginning the next when its last has ended. */
export async function measureLoad(options: LoadOptions): Promise<Load> {
  const { inFlight, seconds, containerIds, idleCpuMs, command } = options;
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
  const cpu = processorTime(containerIds) - cpuBefore - idleCpuMs * elapsedSeconds;
  return { perSecond: finished / elapsedSeconds, cpuMsPerCommand: cpu / finished };
}

/** What everything that takes part uses in a second while nothing is asked of it, in milliseconds. */
export async function measureIdle(seconds: number, containerIds: readonly string[]): Promise<number> {
  const cpuBefore = processorTime(containerIds);
  const startedAt = performance.now();
  await pause(seconds * 1000);
  return ((processorTime(containerIds) - cpuBefore) * 1000) / (performance.now() - startedAt);
}
