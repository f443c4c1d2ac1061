/** Rows come due by the database's clock, so both instants are read from it in one statement. */
export interface NextDue {
  readonly now: Date;
  /** Null when nothing waits. */
  readonly dueAt: Date | null;
}

/** A row that another replica adds or moves is seen after this time at the latest. */
export const longestLookMilliseconds = 5_000;

/** A row that is due but just being taken by another replica is looked at again after this time, so the loop cannot spin. */
const shortestMilliseconds = 20;

/** When to look for due rows again, in milliseconds from now. */
export function nextLook({ now, dueAt }: NextDue): number {
  if (!dueAt) return longestLookMilliseconds;
  return Math.min(longestLookMilliseconds, Math.max(shortestMilliseconds, dueAt.getTime() - now.getTime()));
}
