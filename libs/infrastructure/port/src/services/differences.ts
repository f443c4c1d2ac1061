import { unifiedDiff } from './unified-diff.js';

/**
 * The differences that one answer tells. To compare holds the whole process up, and an answer has to fit into a message: what
 * is beyond either is left out, as if it were too long.
 */
export class Differences {
  private millisecondsLeft = 500;
  /** As they are sent, with every character escaped that has to be. */
  private charactersLeft = 256 * 1024;

  /** @param write Gives both texts. What it takes counts too, and it is not asked once the time is over. */
  between(write: () => readonly [before: string, after: string]): string | undefined {
    if (this.millisecondsLeft <= 0) return undefined;
    const begun = performance.now();
    const diff = unifiedDiff(...write());
    this.millisecondsLeft -= performance.now() - begun;
    const characters = JSON.stringify(diff ?? '').length;
    if (characters > this.charactersLeft) return undefined;
    this.charactersLeft -= characters;
    return diff;
  }
}
