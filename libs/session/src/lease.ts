/** A row's lease: one holder at a time, by the database's clock; the token is checked on every write. */
export interface Lease {
  readonly holder: string;
  readonly token: string;
  readonly until: Date;
}

/** Long enough for a slow provider call between two renewals, short enough that a dead holder delays nobody for long. */
export const leaseMilliseconds = 30_000;

export function isFree(lease: Lease | null, now: Date): boolean {
  return lease === null || lease.until <= now;
}

export function leaseFrom(now: Date): Date {
  return new Date(now.getTime() + leaseMilliseconds);
}
