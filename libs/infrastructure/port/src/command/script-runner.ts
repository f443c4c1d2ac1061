import { AppError } from '@nalabo/kernel';
import { scriptRequest } from './command-request.js';
import type { ExecStream, ExecTransport } from './exec-stream.js';
import { settledWithin } from './settled-within.js';

const scriptDeadlineMs = 10_000;

/** Runs our own short scripts inside one workbench. */
export class ScriptRunner {
  constructor(private readonly transport: ExecTransport) {}

  /**
   * The script's exit code; null when nobody can say it.
   * @throws AppError `not_found` or `conflict` when the workbench does not run, `timeout` after 10 s.
   */
  async run(script: string, parameters: readonly string[] = []): Promise<number | null> {
    const stream = await this.transport.open(scriptRequest(script, parameters));
    try {
      if (!(await settledWithin(drain(stream), scriptDeadlineMs))) {
        throw new AppError('timeout', 'a script of ours took too long inside the workbench');
      }
      const end = await stream.ended();
      return end.kind === 'exited' ? end.exitCode : null;
    } finally {
      stream.close();
    }
  }
}

function drain(stream: ExecStream): Promise<void> {
  return stream.read({ stdout: () => undefined, stderr: () => undefined });
}
