import { AppError } from '@nalabo/kernel';
import {
  isOwned,
  sessionObjectName,
  type ExecFacet,
  type SessionRef,
  type Shell,
  type ShellRole,
} from '@nalabo/infrastructure-port';
import type { DockerClient } from '../engine/docker.client.js';
import { labelPrefix } from '../session/docker-labels.js';
import { DockerShell } from './docker-shell.js';

/** Commands by plain engine exec: each starts a process of the engine's runtime. */
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
    return new DockerShell(this.client, id, { role, containerEnvironment: environment });
  }
}
