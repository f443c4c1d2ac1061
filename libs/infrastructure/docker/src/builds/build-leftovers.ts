import { BuildsClient } from '../engine/builds.client.js';
import type { DockerClient } from '../engine/docker.client.js';
import { serviceLabel } from '../services/service-labels.js';
import { buildLabel } from '../session/docker-labels.js';
import type { DockerRemoval } from '../session/docker-removal.js';

type Labels = Readonly<Record<string, string>>;

/** A container of a step, or an image. */
export interface BuildLeftover {
  readonly name: string;
  readonly labels: Labels;
  readonly isTagged?: boolean;
}

/** Which of the things that builds have made. */
export interface LeftoverQuery {
  readonly labels: Labels;
  readonly isLeft: (one: BuildLeftover) => boolean;
}

/** No removal takes longer. */
const removalDeadlineMs = 30_000;

/** What builds leave behind on one engine: containers of steps, and images. Services are none of it. */
export class BuildLeftovers {
  private readonly client: BuildsClient;

  constructor(
    private readonly engine: DockerClient,
    private readonly removal: DockerRemoval,
  ) {
    this.client = new BuildsClient(engine.calls);
  }

  /** However the build ends, what it has left behind goes. @throws what the build throws. */
  async removeAfter(build: Promise<void>, query: LeftoverQuery): Promise<void> {
    const [end] = await Promise.allSettled([build]);
    await this.remove(query);
    if (end.status === 'rejected') throw end.reason;
  }

  async remove({ labels, isLeft }: LeftoverQuery): Promise<void> {
    const isOfBuild = (one: BuildLeftover): boolean =>
      one.labels[buildLabel] !== undefined && one.labels[serviceLabel] === undefined && isLeft(one);
    const find = async () => {
      const [containers, images] = await Promise.all([this.engine.containers({ labels }), this.client.images(labels)]);
      return {
        containers: containers.filter(isOfBuild),
        networks: [],
        volumes: [],
        images: images.filter(isOfBuild),
      };
    };
    await this.removal.removeAll(find, AbortSignal.timeout(removalDeadlineMs));
  }
}
