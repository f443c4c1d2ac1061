import type { AppError } from '@nalabo/kernel';
import type { CutOffApply, CutOffEnd } from './cut-off.store.js';

/**
 * What became of an apply that was cut off, where nothing needs to be done for it; null when files have to be brought back.
 * @param appliedBy The apply by which the session holds what it holds.
 */
export function judgeCutOff({ applyId, type, isBegun }: CutOffApply, appliedBy: string | null): CutOffEnd | null {
  // Its end was committed: what has gone lost is nothing but the answer.
  if (appliedBy === applyId) return { state: 'finished', reason: null };
  if (!isBegun) return { state: 'failed', reason: 'It was cut off before it changed anything.' };
  if (type !== 'yaml') return null;
  const reason = 'It was cut off. What it had applied until then stays; a rollback takes it away.';
  return { state: 'abandoned', reason };
}

/** @param kept The files that were changed by others since. */
export function restoredEnd(kept: readonly string[]): CutOffEnd {
  const restored = 'It was cut off, and what it had changed was brought back.';
  const but = kept.length === 0 ? '' : ` Changed since then, and left alone: ${shortList(kept)}.`;
  return { state: 'failed', reason: `${restored}${but}` };
}

/** @param why In our own words: what an infrastructure says may quote the file. */
export function unrestoredEnd(why: string): CutOffEnd {
  return { state: 'abandoned', reason: `It was cut off, and what was before could not be brought back: ${why}` };
}

/** How it ends when its session cannot be had; null when it is worth another try later. */
export function endWithoutSession({ kind }: AppError): CutOffEnd | null {
  if (kind !== 'gone' && kind !== 'not_found') return null;
  return { state: 'abandoned', reason: 'It was cut off, and its session has ended.' };
}

const longestList = 10;

function shortList(paths: readonly string[]): string {
  const rest = paths.length - longestList;
  return `${paths.slice(0, longestList).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
