import { setTimeout as delay } from 'node:timers/promises';

export interface RepeatOptions {
  /** The pause between the end of one pass and the start of the next. */
  readonly intervalMilliseconds: number;
  /** Ends the loop: a pass that is under way is finished first. */
  readonly signal: AbortSignal;
  /** A pass that failed; the next one comes all the same. */
  readonly onError: (error: unknown) => void;
}

/** Runs `pass` again and again until the signal aborts. Passes never overlap, and the first starts at once. */
export async function repeat(pass: () => Promise<void>, options: RepeatOptions): Promise<void> {
  while (!options.signal.aborted) {
    await pass().catch(options.onError);
    await delay(options.intervalMilliseconds, undefined, { signal: options.signal }).catch(() => undefined);
  }
}
