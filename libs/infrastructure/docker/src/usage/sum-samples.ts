import type { UsageSample } from '@nalabo/infrastructure-port';

type Figures = Omit<UsageSample, 'sessionId'>;

/**
 * What all containers of a session use together. A figure that one of them lacks is not known of the session: a part of it
 * would read as all of it. Undefined for no containers.
 */
export function sumSamples(samples: readonly UsageSample[]): UsageSample | undefined {
  const [first] = samples;
  if (!first) return undefined;
  const sumOf = (figure: keyof Figures): number | null =>
    samples.reduce<number | null>((sum, sample) => addKnown(sum, sample[figure]), 0);
  return {
    sessionId: first.sessionId,
    cpuSecondsTotal: sumOf('cpuSecondsTotal'),
    memoryBytes: sumOf('memoryBytes'),
    networkReceivedBytes: sumOf('networkReceivedBytes'),
    networkSentBytes: sumOf('networkSentBytes'),
    processes: sumOf('processes'),
  };
}

function addKnown(sum: number | null, figure: number | null): number | null {
  return sum === null || figure === null ? null : sum + figure;
}
