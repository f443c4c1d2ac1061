import { AppError } from '@nalabo/kernel';
import {
  LaneShell,
  ExecTerminal,
  isOwned,
  sessionObjectName,
  type ExecFacet,
  type SessionRef,
  type Shell,
  type ShellRole,
  type Terminal,
  type TerminalRequest,
} from '@nalabo/infrastructure-port';
import type { DockerClient } from '../engine/docker.client.js';
import type { EngineContainerDetails } from '../engine/engine-objects.js';
import { labelPrefix } from '../session/docker-labels.js';
import { DockerExecTransport } from './docker-exec-transport.js';
import { DockerTerminals } from './docker-terminal.js';

/** Commands and terminals by engine exec, as the user of the role. */
export class DockerExec implements ExecFacet {
  constructor(
    private readonly client: DockerClient,
    private readonly instance: string,
  ) {}

  async open(ref: SessionRef, role: ShellRole): Promise<Shell> {
    const { id, environment } = await this.workbench(ref);
    return LaneShell.open(new DockerExecTransport(this.client, id, { role, containerEnvironment: environment }));
  }

  async terminal(ref: SessionRef, request: TerminalRequest): Promise<Terminal> {
    const { id, environment } = await this.workbench(ref);
    const identity = { role: 'learner', containerEnvironment: environment } as const;
    const commands = new DockerExecTransport(this.client, id, identity);
    const terminals = new DockerTerminals(this.client, id, identity);
    return ExecTerminal.open({ commands, terminals, directory: '/workspace' }, request);
  }

  private async workbench({ sessionId }: SessionRef): Promise<EngineContainerDetails> {
    const container = await this.client.inspectContainer(sessionObjectName(sessionId));
    const isOurs = isOwned(container.labels, labelPrefix, { instance: this.instance, sessionId });
    if (container.isRunning && isOurs) return container;
    throw new AppError('not_found', `session ${sessionId} has no running workbench`);
  }
}
