import type { ConformanceContext } from './conformance-context.js';
import type { ConformanceHarness } from './harness.js';

/** One rule of the provider contract and what shows that it holds. */
export interface ConformanceCase {
  /** The rule's number in docs/provider-contract.md. */
  readonly rule: string;
  /** The rule as a sentence about behaviour. */
  readonly states: string;
  verify(context: ConformanceContext): Promise<void>;
}

export interface ConformanceGroup {
  readonly name: string;
  readonly cases: readonly ConformanceCase[];
}

/** The harness or the target declares that it cannot do what a case needs: the case is skipped, by name. */
export class NotDeclared extends Error {}

type Declaring<Key extends keyof ConformanceHarness> = ConformanceHarness & Required<Pick<ConformanceHarness, Key>>;

/** The harness, once it is known to supply `key`. */
export function declaring<Key extends keyof ConformanceHarness>(harness: ConformanceHarness, key: Key): Declaring<Key> {
  if (!declares(harness, key)) throw new NotDeclared(`the harness declares no ${key}`);
  return harness;
}

function declares<Key extends keyof ConformanceHarness>(
  harness: ConformanceHarness,
  key: Key,
): harness is Declaring<Key> {
  return harness[key] !== undefined;
}
