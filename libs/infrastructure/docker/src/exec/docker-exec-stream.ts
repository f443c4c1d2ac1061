import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { toAppError } from '@nalabo/kernel';
import type { CommandIo, ExecEnd, ExecStream } from '@nalabo/infrastructure-port';
import type { DockerClient } from '../engine/docker.client.js';
import { Demultiplexer } from './demultiplexer.js';

/** How long the engine may take to notice the end after the output has ended. */
const settleDeadlineMs = 5000;
const settleIntervalMs = 20;

/** What an engine sends, taken apart. Resolves when the output has taken everything in the chunk. */
export interface OutputFormat {
  push(chunk: Uint8Array, output: CommandIo): Promise<void>;
}

/** One engine exec, attached. */
export class DockerExecStream implements ExecStream {
  constructor(
    private readonly client: DockerClient,
    private readonly execId: string,
    private readonly stream: Duplex,
    private readonly format: OutputFormat = new Demultiplexer(),
  ) {}

  async read(output: CommandIo): Promise<void> {
    for await (const chunk of this.chunks()) await this.format.push(chunk, output);
  }

  write(bytes: Uint8Array): Promise<void> {
    // A write that fails shows on the reading side too, which is where it is judged.
    return new Promise((resolve) => this.stream.write(bytes, () => resolve()));
  }

  endInput(): void {
    this.stream.end();
  }

  async isRunning(): Promise<boolean> {
    try {
      return (await this.client.inspectExec(this.execId)).isRunning;
    } catch (error) {
      // Gone with its container; any other trouble shows on the stream itself.
      return toAppError(error).kind !== 'not_found';
    }
  }

  async ended(): Promise<ExecEnd> {
    const deadline = performance.now() + settleDeadlineMs;
    let exec = await this.client.inspectExec(this.execId);
    while (exec.isRunning && performance.now() < deadline) {
      await pause(settleIntervalMs);
      exec = await this.client.inspectExec(this.execId);
    }
    if (exec.isRunning) return { kind: 'lost', detail: 'the output ended and the command did not' };
    if (exec.exitCode === null) return { kind: 'lost', detail: 'the workbench stopped' };
    return { kind: 'exited', exitCode: exec.exitCode };
  }

  close(): void {
    this.stream.destroy();
  }

  /** A broken connection is an end of the output: how the command ended is the engine's to say. */
  private async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      yield* this.stream as AsyncIterable<Uint8Array>;
    } catch {
      return;
    }
  }
}
