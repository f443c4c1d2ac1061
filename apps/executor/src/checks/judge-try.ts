import type { CheckDefinition, CheckOutcome } from '@nalabo/contracts';
import type { ScriptEnding } from './run-script.js';

/** What matters of how a script ended. */
export type ScriptEnd = Pick<ScriptEnding, 'outcome' | 'exitCode' | 'startFailed' | 'output' | 'truncated'>;

export type OutputMatch = (source: string, text: string) => boolean | null;

/**
 * What one run of a check's script says. It passes only when the script ended by itself, with the expected code and with
 * an output that was seen whole; what nobody can say is `unknown` and never guessed.
 */
export function judgeTry(end: ScriptEnd, expected: CheckDefinition['expect'], match: OutputMatch): CheckOutcome {
  // A script that could not even start says nothing of the learner's work.
  if (end.startFailed || end.outcome === 'unknown' || end.outcome === 'cancelled') return 'unknown';
  if (end.outcome === 'timed_out') return 'timed_out';
  if (end.exitCode !== expected.exitCode || end.truncated) return 'failed';
  if (expected.output === null) return 'passed';
  return outcomeOf(match(expected.output, end.output.toString('utf8')));
}

/** Whether another try may bring a better end. */
export function isWorthAnotherTry(outcome: CheckOutcome): boolean {
  return outcome === 'failed' || outcome === 'timed_out';
}

function outcomeOf(isMatch: boolean | null): CheckOutcome {
  if (isMatch === null) return 'unknown';
  return isMatch ? 'passed' : 'failed';
}
