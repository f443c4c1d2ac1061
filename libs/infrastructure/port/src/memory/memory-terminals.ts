import { executionMark } from '../command/command-request.js';
import type { ExecRequest, ExecTransport } from '../command/exec-stream.js';
import { carriesMark } from '../command/kill-scripts.js';
import { ScriptRunner } from '../command/script-runner.js';
import type { TerminalSize } from '../exec.js';
import { quoted } from '../lane/lane-text.js';
import type { TerminalExec, TerminalTransport } from '../terminal/terminal-transport.js';

/** Finds the terminal of what carries the mark and gives it a size. `$1`: mark, `$2`: rows, `$3`: columns. */
const resizeScript = `
${carriesMark}
for process in /proc/[0-9]*; do
  process=\${process#/proc/}
  carries_mark "$process" "$1" || continue
  terminal=$(readlink "/proc/$process/fd/0")
  case $terminal in /dev/pts/*) exec stty -F "$terminal" rows "$2" cols "$3" ;; esac
done`;

/** Programs on terminals of this machine, by the `script` of its distribution. */
export class MemoryTerminals implements TerminalTransport {
  private readonly scripts: ScriptRunner;

  constructor(private readonly transport: ExecTransport) {
    this.scripts = new ScriptRunner(transport);
  }

  async openTerminal(request: ExecRequest): Promise<TerminalExec> {
    const program = `exec ${request.argv.map(quoted).join(' ')}`;
    const argv = ['script', '--quiet', '--return', '--flush', '--echo', 'always', '--command', program, '/dev/null'];
    const mark = request.environment[executionMark] ?? '';
    return {
      stream: await this.transport.open({ ...request, argv }),
      resize: (size) => this.resize(mark, size),
    };
  }

  private async resize(mark: string, { rows, columns }: TerminalSize): Promise<void> {
    await this.scripts.run(resizeScript, [mark, String(rows), String(columns)]);
  }
}
