import { isEngine, isShim, processes, type ProcessEntry } from './processes.js';

/**
 * What all that takes part in a command has used so far, in milliseconds: this process with the services and servers it
 * has started, the engine, and what belongs to the containers. A child that ends stays counted, in its parent.
 */
export function processorTime(containerIds: readonly string[]): number {
  const all = processes();
  const children = Map.groupBy(all, ({ parent }) => parent);
  const counted = new Set<ProcessEntry>();
  const pending = all.filter((entry) => entry.pid === process.pid || isEngine(entry, containerIds));
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    const isOfOthers = isShim(entry.name) && !isEngine(entry, containerIds);
    if (isOfOthers || counted.has(entry)) continue;
    counted.add(entry);
    pending.push(...(children.get(entry.pid) ?? []));
  }
  return [...counted].reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}
