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

/** The last line of a script on its way: without it the rest was lost, and a part could end well where the whole does not. */
const scriptEnd = '#end';

/** A script comes over the standard input, which it finds at its end: as an argument everybody could read it. */
const readScript = `unset __script
__script=$(/bin/cat) || exit 126
case $__script in *'${scriptEnd}') eval "$__script" ;; *) exit 126 ;; esac`;
const scriptReader = ['/bin/sh', '-c', readScript, 'sh'];

/** What the reader of a script is given. */
export function scriptInput(script: string): string {
  return `${script}\n${scriptEnd}`;
}

/** What is executed: for a script, what reads it. */
export function argvOf({ program }: CommandRun): readonly string[] {
  return 'script' in program ? scriptReader : program;
}

/** The bytes for the standard input of what is started, or null when it has none. */
export function inputOf({ program, stdin }: CommandRun): Uint8Array | null {
  return 'script' in program ? Buffer.from(scriptInput(program.script)) : stdin;
}

/** @param token Random and unguessable: what begins with it was written by our own shell. */
export function commandRequest(command: CommandRun, token: string): ExecRequest {
  return {
    argv: ['/bin/sh', '-c', startScript, token, command.workingDirectory, ...argvOf(command)],
    environment: { ...command.environment, [executionMark]: command.executionId },
    hasInput: inputOf(command) !== null,
    mayLeaveProcesses: true,
  };
}

/** One of our own scripts; it carries no mark, so it never kills itself. */
export function scriptRequest(script: string, parameters: readonly string[]): ExecRequest {
  return {
    argv: ['/bin/sh', '-c', script, 'sh', ...parameters],
    environment: {},
    hasInput: false,
    mayLeaveProcesses: false,
  };
}
