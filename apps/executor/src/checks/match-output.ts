import { createContext, Script } from 'node:vm';
import { checkPatternFlags } from '@nalabo/contracts';

/** Much longer than a pattern should need, and short enough that the process stays of use to others. */
const longestMilliseconds = 100;

const search = new Script('new RegExp(source, flags).test(text)');

/**
 * Whether the pattern is found in the text; null when that can't be said within the time. The author chose the pattern and
 * the learner has a say in the text: together they may make the search take for ever, and only a script of `vm` is
 * interrupted in the middle of one.
 */
export function matchOutput(source: string, text: string): boolean | null {
  const context = createContext({ source, flags: checkPatternFlags, text });
  try {
    return search.runInContext(context, { timeout: longestMilliseconds }) === true;
  } catch (error) {
    if (isTimeout(error)) return null;
    throw error;
  }
}

/** The error belongs to the other context and is no instance of this one's classes. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
