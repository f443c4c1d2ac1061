import type { CommandRun } from '../exec.js';
import type { ExecRequest } from './exec-stream.js';

/** In the environment of every process of a command, unless it takes it off. */
export const executionMark = 'NALABO_EXECUTION';

/**
 * Says which process group the command runs in, then becomes the command. The notice goes to stderr before the learner
 * has any say: nothing is left in the session, and no other command can forge it because nobody knows the token.
 * The shell begins its own complaints with the token too, which is how a failed start is told from a failed command.
 */
const startScript = 'echo "$0 $$" >&2; cd -- "$1" || exit 126; unset OLDPWD; shift; exec "$@"';

/** @param token Random and unguessable: what begins with it was written by our own shell. */
export function commandRequest(command: CommandRun, token: string): ExecRequest {
  return {
    argv: ['sh', '-c', startScript, token, command.workingDirectory, ...command.argv],
    environment: { ...command.environment, [executionMark]: command.executionId },
    hasInput: command.stdin !== null,
    mayLeaveProcesses: true,
  };
}

/** One of our own scripts; it carries no mark, so it never kills itself. */
export function scriptRequest(script: string, parameters: readonly string[]): ExecRequest {
  return {
    argv: ['sh', '-c', script, 'sh', ...parameters],
    environment: {},
    hasInput: false,
    mayLeaveProcesses: false,
  };
}
