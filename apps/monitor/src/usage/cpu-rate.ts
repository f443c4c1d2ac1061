/** A CPU counter and when it was read. */
export interface CpuReading {
  readonly at: Date;
  readonly cpuSecondsTotal: number | null;
}

/** An average over a longer time would be shown as what the session uses now. */
const longestMilliseconds = 60_000;

/** Millicores used between two readings, or null when they tell nothing: too far apart, or of a counter that began anew. */
export function cpuMillicores(previous: CpuReading | undefined, current: CpuReading): number | null {
  if (!previous || previous.cpuSecondsTotal === null || current.cpuSecondsTotal === null) return null;
  const elapsed = current.at.getTime() - previous.at.getTime();
  const used = current.cpuSecondsTotal - previous.cpuSecondsTotal;
  if (elapsed <= 0 || elapsed > longestMilliseconds || used < 0) return null;
  return (used * 1_000_000) / elapsed;
}
