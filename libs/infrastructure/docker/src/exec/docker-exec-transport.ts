import type { ExecRequest, ExecStream, ExecTransport } from '@nalabo/infrastructure-port';
import type { DockerClient } from '../engine/docker.client.js';
import { DockerExecStream } from './docker-exec-stream.js';
import { execOptions, type ShellIdentity } from './exec-options.js';

/** Plain engine exec: each starts a process of the engine's runtime. */
export class DockerExecTransport implements ExecTransport {
  constructor(
    private readonly client: DockerClient,
    private readonly containerId: string,
    private readonly identity: ShellIdentity,
  ) {}

  async open(request: ExecRequest): Promise<ExecStream> {
    const execId = await this.client.createExec(this.containerId, execOptions(request, this.identity));
    return new DockerExecStream(this.client, execId, await this.client.startExec(execId));
  }
}
