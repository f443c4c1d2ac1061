import { type CheckDefinition, checkWaits, longestSecondsOf } from '@nalabo/contracts';

/** Whether a check would end within the time of its request even if every try took its whole time. */
export function fitsRequest(check: CheckDefinition, elapsedMs: number): boolean {
  return elapsedMs + longestSecondsOf(check) * 1000 <= checkWaits.deadlineMs;
}
