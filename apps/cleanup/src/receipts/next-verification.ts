import type { InfrastructureObject } from '@nalabo/contracts';
import { backoffDelay, type BackoffPolicy } from '@nalabo/kernel';

/** What the monitor saw of an ended session, and when. */
export interface Look {
  readonly at: Date;
  readonly left: readonly InfrastructureObject[];
}

export interface OpenReceipt {
  /** What was left at the last look; null before the first. */
  readonly left: readonly InfrastructureObject[] | null;
  /** Looks so far that did not prove the session gone, with the present one. */
  readonly attempts: number;
}

export interface Verification {
  /** The fact to publish, if any. */
  readonly fact: 'verified' | 'leaked' | null;
  /** When to look again, in milliseconds; null when the receipt is clean and final. */
  readonly againInMilliseconds: number | null;
}

/** A leak needs somebody's hands or a provisioner's next sweep: no use in asking often. */
const leakBackoff: BackoffPolicy = { firstMilliseconds: 5_000, factor: 2, maximumMilliseconds: 300_000 };

/** A monitor or target that is away comes back on its own, and until then nobody knows whether there is a leak. */
const unavailableBackoff: BackoffPolicy = { firstMilliseconds: 1_000, factor: 2, maximumMilliseconds: 30_000 };

/** What a look means for a receipt; null when nobody could look. Absence that nobody could check proves nothing. */
export function nextVerification(receipt: OpenReceipt, look: Look | null): Verification {
  const { attempts } = receipt;
  if (!look) return { fact: null, againInMilliseconds: backoffDelay(attempts, unavailableBackoff) };
  if (look.left.length === 0) return { fact: 'verified', againInMilliseconds: null };
  const isNews = !receipt.left || !isSameSet(receipt.left, look.left);
  return { fact: isNews ? 'leaked' : null, againInMilliseconds: backoffDelay(attempts, leakBackoff) };
}

function isSameSet(before: readonly InfrastructureObject[], after: readonly InfrastructureObject[]): boolean {
  const key = (objects: readonly InfrastructureObject[]): string =>
    JSON.stringify(objects.map(({ kind, name }) => [kind, name]).toSorted());
  return key(before) === key(after);
}
