import type { UsageSampleEntity } from '../usage/usage-sample.entity.js';

/** What a target's gauges show. A figure that is not known is absent, never zero. */
export interface TargetFigures {
  readonly unreachable: 0 | 1;
  readonly sessions?: number;
  readonly cpuMillicores?: number;
  readonly memoryBytes?: number;
}

type Measured = Pick<UsageSampleEntity, 'cpuMillicores' | 'memoryBytes'>;

export function summarize(sessions: number, samples: readonly Measured[]): TargetFigures {
  const cpuMillicores = sum(samples.map((sample) => sample.cpuMillicores));
  const memoryBytes = sum(samples.map((sample) => sample.memoryBytes));
  return {
    unreachable: 0,
    sessions,
    ...(cpuMillicores === undefined ? {} : { cpuMillicores }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
}

/** Undefined when there are samples and none has the figure. */
function sum(figures: readonly (number | null)[]): number | undefined {
  const known = figures.filter((figure) => figure !== null);
  if (known.length === 0 && figures.length > 0) return undefined;
  return known.reduce((total, figure) => total + figure, 0);
}
