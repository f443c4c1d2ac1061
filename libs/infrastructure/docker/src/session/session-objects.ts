import { setTimeout as pause } from 'node:timers/promises';
import type { InfrastructureObject } from '@nalabo/contracts';
import { isOwned, sessionObjectName } from '@nalabo/infrastructure-port';
import type { SessionId } from '@nalabo/kernel';
import { BuildsClient } from '../engine/builds.client.js';
import type { DockerClient } from '../engine/docker.client.js';
import type {
  EngineBuiltImage,
  EngineContainer,
  EngineFilter,
  EngineNetwork,
  EngineVolume,
} from '../engine/engine-objects.js';
import { instanceLabels, labelPrefix, sessionLabels } from './docker-labels.js';

const settleMilliseconds = 200;

export interface EngineObjects {
  readonly containers: readonly EngineContainer[];
  readonly networks: readonly EngineNetwork[];
  readonly volumes: readonly EngineVolume[];
  /** Those that were built for sessions, where they were asked for: an engine takes its time to list images. */
  readonly images?: readonly EngineBuiltImage[];
}

export interface NamedObjects {
  readonly owned: EngineObjects;
  /** What bears a name of this session without our labels. */
  readonly foreign: readonly InfrastructureObject[];
}

/** Finds objects on the engine. A list that fails throws: an answer is always whole. */
export class SessionObjects {
  private readonly builds: BuildsClient;

  constructor(
    private readonly client: DockerClient,
    readonly instance: string,
  ) {
    this.builds = new BuildsClient(client.calls);
  }

  ofInstance(signal?: AbortSignal): Promise<EngineObjects> {
    return this.findAll(instanceLabels(this.instance), signal);
  }

  /** With the images. */
  allOfSession(sessionId: SessionId, signal?: AbortSignal): Promise<EngineObjects> {
    return this.findAll(sessionLabels(this.instance, sessionId), signal);
  }

  ofSession(sessionId: SessionId, signal?: AbortSignal): Promise<EngineObjects> {
    return this.find({ labels: sessionLabels(this.instance, sessionId) }, signal);
  }

  /**
   * Everything whose name is one of the session's, ours or not. The engine lists a volume a moment before it lists the
   * labels that it was made with, so what seems foreign is looked at once more before it is called so.
   */
  async named(sessionId: SessionId, signal?: AbortSignal): Promise<NamedObjects> {
    const first = await this.namedNow(sessionId, signal);
    if (first.foreign.length === 0) return first;
    await pause(settleMilliseconds);
    return this.namedNow(sessionId, signal);
  }

  private async namedNow(sessionId: SessionId, signal?: AbortSignal): Promise<NamedObjects> {
    const name = sessionObjectName(sessionId);
    const found = await this.find({ name }, signal);
    const isOurs = ({ labels }: { labels: Readonly<Record<string, string>> }): boolean =>
      isOwned(labels, labelPrefix, { instance: this.instance, sessionId });
    const bearsOurName = (object: InfrastructureObject): boolean =>
      object.name === name || object.name.startsWith(`${name}-`);
    return {
      owned: {
        containers: found.containers.filter(isOurs),
        networks: found.networks.filter(isOurs),
        volumes: found.volumes.filter(isOurs),
      },
      foreign: flatten(found)
        .filter((object) => !isOurs(object) && bearsOurName(object))
        .map(({ kind, name }) => ({ kind, name })),
    };
  }

  private async findAll(labels: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<EngineObjects> {
    const [objects, images] = await Promise.all([this.find({ labels }, signal), this.builds.images(labels, signal)]);
    return { ...objects, images };
  }

  private async find(filter: EngineFilter, signal?: AbortSignal): Promise<EngineObjects> {
    const [containers, networks, volumes] = await Promise.all([
      this.client.containers(filter, signal),
      this.client.networks(filter, signal),
      this.client.volumes(filter, signal),
    ]);
    return { containers, networks, volumes };
  }
}

export type LabelledObject = InfrastructureObject & { readonly labels: Readonly<Record<string, string>> };

export function flatten({ containers, networks, volumes, images = [] }: EngineObjects): readonly LabelledObject[] {
  return [
    ...containers.map(({ name, labels }) => ({ kind: 'container', name, labels })),
    ...networks.map(({ name, labels }) => ({ kind: 'network', name, labels })),
    ...volumes.map(({ name, labels }) => ({ kind: 'volume', name, labels })),
    ...images.map(({ name, labels }) => ({ kind: 'image', name, labels })),
  ];
}
