import { AppError } from '@nalabo/kernel';
import { scriptRequest } from './command-request.js';
import type { ExecStream, ExecTransport } from './exec-stream.js';
import { settledWithin } from './settled-within.js';

const scriptDeadlineMs = 10_000;

export interface ScriptResult {
  /** Null when nobody can say it. */
  readonly exitCode: number | null;
  /** What it wrote on standard output. */
  readonly output: string;
}

/** Runs our own short scripts inside one workbench. */
export interface Scripts {
  /** @throws AppError `not_found` or `conflict` when the workbench does not run, `timeout` when it takes too long. */
  run(script: string, parameters: readonly string[]): Promise<ScriptResult>;
}

/** One exec for each script. */
export class ScriptRunner implements Scripts {
  constructor(private readonly transport: ExecTransport) {}

  async run(script: string, parameters: readonly string[]): Promise<ScriptResult> {
    const stream = await this.transport.open(scriptRequest(script, parameters));
    try {
      const output: Uint8Array[] = [];
      if (!(await settledWithin(collect(stream, output), scriptDeadlineMs))) {
        throw new AppError('timeout', 'a script of ours took too long inside the workbench');
      }
      const end = await stream.ended();
      return { exitCode: end.kind === 'exited' ? end.exitCode : null, output: Buffer.concat(output).toString() };
    } finally {
      stream.close();
    }
  }
}

function collect(stream: ExecStream, output: Uint8Array[]): Promise<void> {
  return stream.read({
    stdout: (chunk) => void output.push(Uint8Array.from(chunk)),
    stderr: () => undefined,
  });
}
