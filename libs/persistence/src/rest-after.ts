/** What is due but held by another transaction is looked at again after this time, so a loop cannot run hot. */
const shortestMilliseconds = 20;

/** How long a loop rests: until something is due when the pass knows that, and never longer than its interval. */
export function restAfter(answer: false | number, intervalMilliseconds: number): number {
  if (answer === false) return intervalMilliseconds;
  return Math.min(intervalMilliseconds, Math.max(shortestMilliseconds, Math.ceil(answer)));
}
