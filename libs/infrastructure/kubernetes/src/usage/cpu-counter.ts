/** What a session's pods use together at one moment, as the metrics API tells it. */
export interface CpuRate {
  /** CPU seconds per second, an average over the window. */
  readonly cores: number;
  readonly windowSeconds: number;
}

export interface CpuCounter {
  readonly secondsTotal: number;
  readonly at: Date;
}

/** A rate says nothing about a longer time in which nobody has looked. */
const longestSeconds = 300;

/**
 * A counter out of rates, which is what a cluster gives: each rate is taken to hold since the look before. So it is an
 * estimate, begins anew with the process, and never falls. What is seen for the first time has used its rate for the
 * window that the rate was measured in.
 */
export function advance(counter: CpuCounter | undefined, rate: CpuRate, at: Date): CpuCounter {
  if (!counter) return { secondsTotal: rate.cores * rate.windowSeconds, at };
  const elapsed = (at.getTime() - counter.at.getTime()) / 1000;
  // The clock of a machine may be set back.
  const seconds = Math.min(Math.max(elapsed, 0), longestSeconds);
  return { secondsTotal: counter.secondsTotal + rate.cores * seconds, at };
}
