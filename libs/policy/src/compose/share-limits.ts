import { composeLimits } from './compose-limits.js';
import type { ServiceLimits } from './compose-model.js';

export const limitNames = ['cpuMillis', 'memoryBytes', 'processes'] as const;

type AskedLimits = { readonly [Name in keyof ServiceLimits]: number | undefined };

/**
 * Gives each service what it asks for and shares the rest equally among those that do not ask. Who asks for nothing gets
 * the least that a service runs with when too little is left: the sum is then for others to refuse.
 */
export function shareLimits(asked: readonly AskedLimits[], share: ServiceLimits): readonly ServiceLimits[] {
  const [cpuMillis, memoryBytes, processes] = limitNames.map((name) => {
    const stated = asked.map((one) => one[name]);
    const rest = share[name] - stated.reduce<number>((sum, one) => sum + (one ?? 0), 0);
    const parts = stated.filter((one) => one === undefined).length;
    const equal = Math.max(composeLimits.least[name], Math.floor(rest / parts));
    return stated.map((one) => one ?? equal);
  });
  return asked.map((_, index) => ({
    cpuMillis: cpuMillis?.[index] ?? 0,
    memoryBytes: memoryBytes?.[index] ?? 0,
    processes: processes?.[index] ?? 0,
  }));
}
