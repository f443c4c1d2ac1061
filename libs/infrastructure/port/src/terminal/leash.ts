import { executionMark } from '../command/command-request.js';
import type { ExecStream, ExecTransport } from '../command/exec-stream.js';
import { carriesMark, killScript } from '../command/kill-scripts.js';
import { Killer } from '../command/killer.js';
import { ScriptRunner } from '../command/script-runner.js';
import { settledWithin } from '../command/settled-within.js';

const killDeadlineMs = 10_000;

/** Hangs up for each line that comes, and kills when no more can. `$2`: terminal id. */
const leashScript = `
${carriesMark}
hang_up() {
  for process in /proc/[0-9]*; do
    process=\${process#/proc/}
    if carries_mark "$process" "$1"; then kill -HUP "$process"; fi
  done
} 2>/dev/null
while read -r line; do hang_up "$2"; done
${killScript}`;

/**
 * What ends a terminal from inside its workbench. Infrastructures keep a terminal's shell running when the connection to
 * it is lost; but they close the standard input of a program without a terminal, and by that this one knows. It
 * holds when nobody is left to do anything: a process that was killed, a machine that went away.
 */
export class Leash {
  private readonly isOver: Promise<void>;

  private constructor(
    private readonly stream: ExecStream,
    private readonly terminalId: string,
    private readonly transport: ExecTransport,
  ) {
    this.isOver = stream.read({ stdout: () => undefined, stderr: () => undefined });
  }

  /** To be opened before the terminal, so that there is never a shell without it. */
  static async open(transport: ExecTransport, terminalId: string): Promise<Leash> {
    const stream = await transport.open({
      argv: ['/bin/sh', '-c', leashScript, 'sh', '', terminalId, ''],
      environment: { [executionMark]: leashMark(terminalId) },
      hasInput: true,
      mayLeaveProcesses: false,
    });
    return new Leash(stream, terminalId, transport);
  }

  /** Asks everything of the terminal to end. */
  hangUp(): Promise<void> {
    return this.stream.write(Buffer.from('\n'));
  }

  /**
   * Kills everything of the terminal.
   * @throws AppError `not_found` or `conflict` when the workbench does not run, `unavailable` or `timeout` when nobody can
   * say whether it is done.
   */
  async kill(): Promise<void> {
    this.stream.endInput();
    try {
      if (await this.hasKilled()) return;
    } finally {
      this.stream.close();
    }
    // The leash was lost itself, perhaps with the connection only.
    const killer = new Killer(new ScriptRunner(this.transport));
    for (const mark of [this.terminalId, leashMark(this.terminalId)])
      await killer.kill({ groups: '', mark, shell: '' });
  }

  private async hasKilled(): Promise<boolean> {
    if (!(await settledWithin(this.isOver, killDeadlineMs))) return false;
    const end = await this.stream.ended();
    return end.kind === 'exited' && end.exitCode === 0;
  }
}

/** Its own: killing by the mark of the terminal leaves the leash alone. */
function leashMark(terminalId: string): string {
  return `leash-${terminalId}`;
}
