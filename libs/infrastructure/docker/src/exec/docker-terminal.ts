import { AppError } from '@nalabo/kernel';
import type { ExecRequest, TerminalExec, TerminalSize, TerminalTransport } from '@nalabo/infrastructure-port';
import type { DockerClient } from '../engine/docker.client.js';
import { DockerExecStream, type OutputFormat } from './docker-exec-stream.js';
import { execOptions, type ShellIdentity } from './exec-options.js';

/** Plain engine execs on terminals of their own. */
export class DockerTerminals implements TerminalTransport {
  constructor(
    private readonly client: DockerClient,
    private readonly containerId: string,
    private readonly identity: ShellIdentity,
  ) {}

  async openTerminal(request: ExecRequest): Promise<TerminalExec> {
    const options = { ...execOptions(request, this.identity), Tty: true };
    const execId = await this.client.createExec(this.containerId, options);
    const stream = await this.client.startExec(execId, true);
    // It may break before it is read, which is where that shows.
    stream.on('error', () => undefined);
    return {
      stream: new DockerExecStream(this.client, execId, stream, terminalOutput),
      resize: (size) => this.resize(execId, size),
    };
  }

  private async resize(execId: string, size: TerminalSize): Promise<void> {
    try {
      await this.client.resizeExec(execId, size);
    } catch (error) {
      // It has ended, or the engine is away, and with it the connection, which is where that shows.
      if (!(error instanceof AppError)) throw error;
    }
  }
}

/** An engine sends what a terminal shows as it is, without frames. */
const terminalOutput: OutputFormat = {
  push: async (chunk, output) => {
    await output.stdout(chunk);
  },
};
