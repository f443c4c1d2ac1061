import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { ExecEnd, ExecStream } from '../command/exec-stream.js';
import type { CommandIo } from '../exec.js';

/** A process of this machine. */
export class LocalExecStream implements ExecStream {
  private readonly exit: Promise<[number | null, NodeJS.Signals | null]>;

  constructor(private readonly child: ChildProcess) {
    this.exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    child.stdin?.on('error', () => {
      // A program may end without reading its input; how it ended is told by its exit, not by the broken pipe.
    });
  }

  async read(output: CommandIo): Promise<void> {
    await Promise.all([
      pump(this.child.stdout, (chunk) => output.stdout(chunk)),
      pump(this.child.stderr, (chunk) => output.stderr(chunk)),
    ]);
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (this.child.stdin) this.child.stdin.write(bytes, () => resolve());
      else resolve();
    });
  }

  endInput(): void {
    this.child.stdin?.end();
  }

  isRunning(): Promise<boolean> {
    return Promise.resolve(this.child.exitCode === null && this.child.signalCode === null);
  }

  async ended(): Promise<ExecEnd> {
    const [exitCode, signal] = await this.exit;
    // As a shell reports it: 128 plus the number of the signal.
    return { kind: 'exited', exitCode: exitCode ?? 128 + (signal ? constants.signals[signal] : 0) };
  }

  close(): void {
    this.child.stdin?.destroy();
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }
}

async function pump(stream: Readable | null, consume: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
  if (!stream) return;
  for await (const chunk of chunksOf(stream)) await consume(chunk);
}

/** A stream that was closed is an end of the output. */
async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
