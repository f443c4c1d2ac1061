import type { UsageSample } from '@nalabo/infrastructure-port';
import { z } from 'zod';

const trafficSchema = z.object({ rx_bytes: z.number(), tx_bytes: z.number() });

/** What we read of an engine's figures. A stopped container's answer lacks almost all of it, the memory first. */
const engineFiguresSchema = z.object({
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number() }).nullish() }).nullish(),
  memory_stats: z.object({ usage: z.number(), stats: z.record(z.string(), z.unknown()).nullish() }),
  pids_stats: z.object({ current: z.number().nullish() }).nullish(),
  networks: z.record(z.string(), trafficSchema).nullish(),
});

type EngineFigures = z.infer<typeof engineFiguresSchema>;

/** Undefined when the answer holds no figures. */
export function toUsageSample(sessionId: string, answer: unknown): UsageSample | undefined {
  const figures = engineFiguresSchema.safeParse(answer).data;
  if (!figures) return undefined;
  const nanoseconds = figures.cpu_stats?.cpu_usage?.total_usage;
  return {
    sessionId,
    cpuSecondsTotal: nanoseconds === undefined ? null : nanoseconds / 1e9,
    memoryBytes: memoryOf(figures),
    networkReceivedBytes: sumOf(figures, 'rx_bytes'),
    networkSentBytes: sumOf(figures, 'tx_bytes'),
    processes: figures.pids_stats?.current ?? null,
  };
}

/** Without the file cache that the kernel would give up at once; cgroup v1 and v2 name it differently. */
function memoryOf({ memory_stats: { usage, stats } }: EngineFigures): number {
  const inactive = Number(stats?.['total_inactive_file'] ?? stats?.['inactive_file'] ?? 0);
  return Math.max(0, usage - inactive);
}

function sumOf({ networks }: EngineFigures, direction: keyof z.infer<typeof trafficSchema>): number | null {
  if (!networks) return null;
  return Object.values(networks).reduce((sum, network) => sum + network[direction], 0);
}
