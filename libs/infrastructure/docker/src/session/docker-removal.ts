import { setTimeout as pause } from 'node:timers/promises';
import type { InfrastructureObject, RemovedObject } from '@nalabo/contracts';
import { AppError, type Clock } from '@nalabo/kernel';
import { BuildsClient } from '../engine/builds.client.js';
import type { DockerClient } from '../engine/docker.client.js';
import { isMissingImage } from '../engine/errors.js';
import { allSettled } from './all-settled.js';
import { flatten, type EngineObjects } from './session-objects.js';

const goneDeadlineMs = 30_000;
const pollIntervalMs = 100;

type Remove = () => Promise<void>;

/** Removes objects and looks until they are gone. */
export class DockerRemoval {
  private readonly builds: BuildsClient;

  constructor(
    private readonly client: DockerClient,
    private readonly clock: Clock,
  ) {
    this.builds = new BuildsClient(client.calls);
  }

  /**
   * Repeats until `find` shows nothing: a container that somebody else is removing holds its network and volumes for a
   * moment. Answers what these calls removed.
   * @throws AppError `timeout` when something is still there after 30 s.
   */
  async removeAll(find: () => Promise<EngineObjects>, signal: AbortSignal): Promise<readonly RemovedObject[]> {
    const removed: RemovedObject[] = [];
    const deadline = performance.now() + goneDeadlineMs;
    for (let round = 0; ; round += 1) {
      const found = await find();
      const left = flatten(found);
      if (left.length === 0) return removed;
      if (performance.now() > deadline) {
        throw new AppError('timeout', `could not remove ${left.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`);
      }
      if (round > 0) await pause(pollIntervalMs);
      removed.push(...(await this.removeOnce(found, signal)));
    }
  }

  private async removeOnce(found: EngineObjects, signal: AbortSignal): Promise<readonly RemovedObject[]> {
    // What is in use cannot be removed, so containers go first.
    const containers = found.containers.map(({ id, name }) =>
      this.remove({ kind: 'container', name }, () => this.client.removeContainer(id, signal)),
    );
    const first = await allSettled(containers);
    const others = [
      ...found.networks.map(({ id, name }) =>
        this.remove({ kind: 'network', name }, () => this.client.removeNetwork(id, signal)),
      ),
      ...found.volumes.map(({ name }) =>
        this.remove({ kind: 'volume', name }, () => this.client.removeVolume(name, signal)),
      ),
      ...(found.images ?? []).map(({ name }) =>
        this.remove({ kind: 'image', name }, () => this.builds.removeImage(name, signal)),
      ),
    ];
    return [...first, ...(await allSettled(others))].flat();
  }

  private async remove(object: InfrastructureObject, remove: Remove): Promise<readonly RemovedObject[]> {
    try {
      await remove();
      return [{ ...object, at: this.clock.now().toISOString() }];
    } catch (error) {
      // Gone already, or being removed by another call, or still in use by something that goes: the next look decides.
      if (isMissingImage(error)) return [];
      if (error instanceof AppError && (error.kind === 'not_found' || error.kind === 'conflict')) return [];
      throw error;
    }
  }
}
