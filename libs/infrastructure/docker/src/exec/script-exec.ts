import type { Duplex } from 'node:stream';
import { AppError } from '@nalabo/kernel';
import type { DockerClient } from '../engine/docker.client.js';
import { scriptOptions, type ShellIdentity } from './exec-options.js';
import { settledWithin } from './settled-within.js';

const scriptDeadlineMs = 10_000;

/** Runs our own short scripts inside one workbench. */
export class ScriptExec {
  constructor(
    private readonly client: DockerClient,
    private readonly containerId: string,
    private readonly identity: ShellIdentity,
  ) {}

  /**
   * The script's exit code; null when the engine does not know it.
   * @throws AppError `not_found` or `conflict` when the workbench does not run, `timeout` after 10 s.
   */
  async run(script: string, parameters: readonly string[] = []): Promise<number | null> {
    const options = scriptOptions(this.identity, script, parameters);
    const execId = await this.client.createExec(this.containerId, options);
    const stream = await this.client.startExec(execId);
    const isDrained = await settledWithin(drain(stream), scriptDeadlineMs);
    stream.destroy();
    if (!isDrained) throw new AppError('timeout', 'a script of ours took too long inside the workbench');
    return (await this.client.inspectExec(execId)).exitCode;
  }
}

async function drain(stream: Duplex): Promise<void> {
  for await (const chunk of stream) void chunk;
}
