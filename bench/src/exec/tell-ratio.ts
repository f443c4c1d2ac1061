import { quantile, type Samples } from '../samples.js';

export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** What the ratio of the medians is to reach; null where it is only told. */
  readonly aim: { readonly atMost: number } | { readonly atLeast: number } | null;
}

const resamples = 1000;
/** The anchor is to be as fast in the second half of a run as in the first; otherwise somebody else was at work. */
const steadyWithin = 0.15;

/** One line: the medians, their ratio with the interval that holds 95 % of its resamples, and whether the aim is reached. */
export function tellRatio({ name, unit, aim }: Figure, samples: Samples): void {
  const { ours, raw } = samples;
  const ratios = Array.from({ length: resamples }, () => median(resample(ours)) / median(resample(raw)));
  const [low, high] = [quantile(ratios, 0.025), quantile(ratios, 0.975)];
  const ratio = `${(median(ours) / median(raw)).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  console.log(
    `${name} (${ours.length} / ${raw.length} samples): ${spread(ours)} / ${spread(raw)} ${unit}, ratio ${ratio}` +
      (aim ? `, ${verdict(aim, { low, high, raw })}` : ''),
  );
}

interface Finding {
  readonly low: number;
  readonly high: number;
  readonly raw: readonly number[];
}

function verdict(aim: NonNullable<Figure['aim']>, { low, high, raw }: Finding): string {
  const middle = Math.floor(raw.length / 2);
  const drift = Math.abs(median(raw.slice(0, middle)) / median(raw.slice(middle)) - 1);
  const goal = 'atMost' in aim ? `at most ${aim.atMost}` : `at least ${aim.atLeast}`;
  if (drift > steadyWithin) return `${goal}: no verdict, the anchor itself changed by ${(100 * drift).toFixed(0)} %`;
  const isReached = 'atMost' in aim ? high <= aim.atMost : low >= aim.atLeast;
  return `${goal}: ${isReached ? 'reached' : 'not reached'}`;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);

const spread = (values: readonly number[]): string =>
  `p50 ${median(values).toFixed(2)} p95 ${quantile(values, 0.95).toFixed(2)} p99 ${quantile(values, 0.99).toFixed(2)}`;

function resample(values: readonly number[]): number[] {
  return Array.from(values, () => values[Math.floor(Math.random() * values.length)] ?? Number.NaN);
}
