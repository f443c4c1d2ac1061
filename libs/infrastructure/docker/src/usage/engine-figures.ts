import type { UsageSample } from '@nalabo/infrastructure-port';
import { z } from 'zod';

/** What we read of an engine's figures. A stopped container's answer lacks almost all of it. */
const engineFiguresSchema = z.object({
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number() }).optional() }).optional(),
  memory_stats: z
    .object({ usage: z.number().optional(), stats: z.record(z.string(), z.unknown()).optional() })
    .optional(),
  pids_stats: z.object({ current: z.number().optional() }).optional(),
  networks: z.record(z.string(), z.object({ rx_bytes: z.number(), tx_bytes: z.number() })).optional(),
});

/** Undefined when the answer holds no figures. */
export function toUsageSample(sessionId: string, answer: unknown): UsageSample | undefined {
  const parsed = engineFiguresSchema.safeParse(answer);
  const usage = parsed.data?.memory_stats?.usage;
  if (!parsed.success || usage === undefined) return undefined;
  const { cpu_stats, memory_stats, pids_stats, networks } = parsed.data;
  const cpuNanoseconds = cpu_stats?.cpu_usage?.total_usage;
  const interfaces = networks === undefined ? undefined : Object.values(networks);
  const stats = memory_stats?.stats;
  const inactive = Number(stats?.['total_inactive_file'] ?? stats?.['inactive_file'] ?? 0);
  return {
    sessionId,
    cpuSecondsTotal: cpuNanoseconds === undefined ? null : cpuNanoseconds / 1e9,
    memoryBytes: Math.max(0, usage - inactive),
    networkReceivedBytes: interfaces?.reduce((sum, { rx_bytes }) => sum + rx_bytes, 0) ?? null,
    networkSentBytes: interfaces?.reduce((sum, { tx_bytes }) => sum + tx_bytes, 0) ?? null,
    processes: pids_stats?.current ?? null,
  };
}
