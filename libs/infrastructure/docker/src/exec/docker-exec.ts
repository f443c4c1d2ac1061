import { AppError } from '@nalabo/kernel';
import {
  ExecShell,
  isOwned,
  sessionObjectName,
  type ExecFacet,
  type SessionRef,
  type Shell,
  type ShellRole,
} from '@nalabo/infrastructure-port';
import type { DockerClient } from '../engine/docker.client.js';
import { labelPrefix } from '../session/docker-labels.js';
import { DockerExecTransport } from './docker-exec-transport.js';

/** Commands by engine exec, as the user of the role. */
export class DockerExec implements ExecFacet {
  constructor(
    private readonly client: DockerClient,
    private readonly instance: string,
  ) {}

  async open({ sessionId }: SessionRef, role: ShellRole): Promise<Shell> {
    const { id, isRunning, labels, environment } = await this.client.inspectContainer(sessionObjectName(sessionId));
    if (!isRunning || !isOwned(labels, labelPrefix, { instance: this.instance, sessionId })) {
      throw new AppError('not_found', `session ${sessionId} has no running workbench`);
    }
    return new ExecShell(new DockerExecTransport(this.client, id, { role, containerEnvironment: environment }));
  }
}
