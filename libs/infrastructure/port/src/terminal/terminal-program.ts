import { executionMark } from '../command/command-request.js';
import type { ExecRequest } from '../command/exec-stream.js';
import type { TerminalRequest } from '../exec.js';

/**
 * `$1`: rows, `$2`: columns, `$3`: directory. The terminal gets its size before the shell looks at it, which no
 * infrastructure can do in time. It is no login shell: those would replace the PATH that commands find.
 */
const startScript = `
stty rows "$1" cols "$2"
cd -- "$3"
unset OLDPWD
if command -v bash >/dev/null; then exec bash; fi
exec sh`;

/** The learner's interactive shell. */
export function terminalProgram(request: TerminalRequest, directory: string): ExecRequest {
  const { terminalId, columns, rows, environment } = request;
  return {
    argv: ['/bin/sh', '-c', startScript, 'sh', String(rows), String(columns), directory],
    environment: { TERM: 'xterm-256color', ...environment, [executionMark]: terminalId },
    hasInput: true,
    // A terminal ends with its shell, whoever else has it open.
    mayLeaveProcesses: false,
  };
}
