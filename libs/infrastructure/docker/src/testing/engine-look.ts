import type { InfrastructureObject } from '@nalabo/contracts';
import { sessionObjectName } from '@nalabo/infrastructure-port';
import Docker from 'dockerode';

/** The engine asked by a client of its own: a fault of the code under test must not hide what it left. */
export class EngineLook {
  readonly docker: Docker;

  constructor(socketPath: string) {
    this.docker = new Docker({ socketPath });
  }

  /** Everything of an installation, whatever its name. */
  async ofInstance(instance: string): Promise<readonly InfrastructureObject[]> {
    const filters = { label: [`io.nalabo.instance=${instance}`] };
    const images = await this.docker.listImages({ all: true, filters });
    return [
      ...(await this.list(filters)),
      ...images.map(({ Id, RepoTags }) => ({ kind: 'image', name: RepoTags?.[0] ?? Id })),
    ];
  }

  /** Everything that bears a name of the session, whoever it belongs to. */
  async named(sessionId: string): Promise<readonly InfrastructureObject[]> {
    return this.list({ name: [sessionObjectName(sessionId)] });
  }

  private async list(filters: Record<string, string[]>): Promise<readonly InfrastructureObject[]> {
    const [containers, networks, { Volumes: volumes }] = await Promise.all([
      this.docker.listContainers({ all: true, filters }),
      this.docker.listNetworks({ filters }),
      this.docker.listVolumes({ filters }),
    ]);
    return [
      ...containers.map(({ Names }) => ({ kind: 'container', name: (Names[0] ?? '').slice(1) })),
      ...networks.map(({ Name }) => ({ kind: 'network', name: Name })),
      ...volumes.map(({ Name }) => ({ kind: 'volume', name: Name })),
    ];
  }
}
