/** Older servers lack what our JetStream consumers and key-value leases rely on. */
export const NATS_FLOOR = '2.10.23';

/** The version in the output of `nats-server -v`, or undefined when it is something else. */
export function parseNatsVersion(output: string): string | undefined {
  return /nats-server:\s+v(\d+\.\d+\.\d+)/.exec(output)?.[1];
}

/** Compares `major.minor.patch` as numbers: `2.9.10` is older than `2.10.23`. */
export function isAtLeast(version: string, floor: string): boolean {
  const wanted = floor.split('.').map(Number);
  const parts = version.split('.').map(Number);
  for (const [index, least] of wanted.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
