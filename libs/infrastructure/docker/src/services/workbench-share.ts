import type { AppliedModel } from '@nalabo/infrastructure-port';
import type { Limits } from '@nalabo/contracts';
import type { ProcessLimits } from '../engine/services.client.js';

/** What the workbench gets of its session: all that the services do not. */
export function workbenchShare({ cpuMillicores, memoryBytes }: Limits, applied: AppliedModel | null): ProcessLimits {
  const services = applied?.compose.services ?? [];
  return services.reduce(
    (left, { limits }) => ({
      cpuMillis: left.cpuMillis - limits.cpuMillis,
      memoryBytes: left.memoryBytes - limits.memoryBytes,
    }),
    { cpuMillis: cpuMillicores, memoryBytes },
  );
}
