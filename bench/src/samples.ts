/** What ours and the anchor took, in milliseconds, turn by turn in one run. */
export interface Samples {
  readonly ours: number[];
  readonly raw: number[];
}

export const noSamples = (): Samples => ({ ours: [], raw: [] });

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((left, right) => left - right)[Math.floor(share * (values.length - 1))] ?? Number.NaN;
}

/** One line: both sides and their ratio, which means something where the milliseconds do not. */
export function tell(name: string, anchor: string, { ours, raw }: Samples): void {
  const [median, slow] = [0.5, 0.9].map((share) => {
    const [mine, theirs] = [quantile(ours, share), quantile(raw, share)];
    return `${mine.toFixed(0)} ms / ${theirs.toFixed(0)} ms = ${(mine / theirs).toFixed(2)}`;
  });
  console.log(`${name} (${ours.length} rounds), ours / ${anchor}: median ${median}, p90 ${slow}`);
}
