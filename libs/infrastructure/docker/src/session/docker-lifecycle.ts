import { setTimeout as pause } from 'node:timers/promises';
import type { RemovedObject } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import type { LifecycleFacet, Observation, SessionRef, SessionSpec } from '@nalabo/infrastructure-port';
import { sessionObjectName, subnetOf } from '@nalabo/infrastructure-port';
import type { DockerClient } from '../engine/docker.client.js';
import type { EngineContainer, EngineNetwork } from '../engine/engine-objects.js';
import { isMissingImage } from '../engine/errors.js';
import type { SessionContents } from '../services/session-contents.js';
import { allSettled } from './all-settled.js';
import { workbenchOptions } from './container-options.js';
import { identityOf } from './docker-labels.js';
import type { DockerRemoval } from './docker-removal.js';
import { networkOptions } from './network-options.js';
import type { EngineObjects, SessionObjects } from './session-objects.js';
import { nameTakenMessage, staleObjects, withoutObjects } from './stale-objects.js';
import { StepRecord, type OnStep } from './step-record.js';
import type { StorageQuota } from './storage-quota.js';
import { toObservation } from './to-observation.js';
import { volumeOptions } from './volume-options.js';

const appearDeadlineMs = 3000;
const appearIntervalMs = 50;

export interface LifecycleSettings {
  readonly workbenchImage: string;
  readonly networkPrefix: string;
  readonly onStep?: OnStep | undefined;
}

/**
 * Builds and removes sessions. Each step starts from what the engine shows, so a process may die anywhere and another
 * goes on; nothing is remembered here.
 */
export class DockerLifecycle implements LifecycleFacet {
  constructor(
    private readonly client: DockerClient,
    private readonly objects: SessionObjects,
    private readonly removal: DockerRemoval,
    private readonly quota: StorageQuota,
    private readonly contents: SessionContents,
    private readonly settings: LifecycleSettings,
  ) {}

  async ensure(spec: SessionSpec, signal: AbortSignal): Promise<Observation> {
    const record = new StepRecord(spec.sessionId, this.settings.onStep);
    const found = await this.clearStale(spec, signal);
    const network = await record.step('network', () => this.ensureNetwork(spec, found, signal));
    await record.step('volumes', () => this.ensureVolumes(spec, found, signal));
    const container = await record.step('create', () => this.ensureContainer(spec, found, network, signal));
    await record.step('start', () => this.ensureStarted(container, signal));
    await this.contents.ensure(spec, { objects: found, wasDown: container.state !== 'running' }, record, signal);
    const observation = await record.observe('ready', async () =>
      toObservation(await this.objects.ofSession(spec.sessionId, signal)),
    );
    return observation.presence === 'absent' ? observation : { ...observation, steps: record.steps };
  }

  /** Leaves a newer generation than the reference's alone: it belongs to somebody who knows better. */
  destroy(ref: SessionRef, signal: AbortSignal): Promise<readonly RemovedObject[]> {
    const isMeant = ({ labels }: { labels: Readonly<Record<string, string>> }): boolean =>
      identityOf(labels).generation <= ref.generation;
    return this.removal.removeAll(async () => {
      const { containers, networks, volumes, images } = await this.objects.allOfSession(ref.sessionId, signal);
      return {
        containers: containers.filter(isMeant),
        networks: networks.filter(isMeant),
        volumes: volumes.filter(isMeant),
        images: images?.filter(isMeant) ?? [],
      };
    }, signal);
  }

  private async clearStale(spec: SessionSpec, signal: AbortSignal): Promise<EngineObjects> {
    const named = await this.objects.named(spec.sessionId, signal);
    const stale = staleObjects(named, spec);
    await this.removal.removeAll(
      async () => staleObjects(await this.objects.named(spec.sessionId, signal), spec),
      signal,
    );
    return withoutObjects(named.owned, stale);
  }

  private async ensureNetwork(spec: SessionSpec, found: EngineObjects, signal: AbortSignal): Promise<EngineNetwork> {
    const [existing] = found.networks;
    if (existing) return existing;
    const name = sessionObjectName(spec.sessionId);
    const options = networkOptions(spec, { instance: this.objects.instance, ...this.settings });
    const refused = await conflictOf(this.client.createNetwork(options, signal));
    const created = await this.appeared(spec, signal, refused, ({ networks }) =>
      networks.find((network) => network.name === name),
    );
    if (created) return created;
    const subnet = subnetOf(spec.subnetIndex);
    throw new AppError('conflict', `network ${name} could not be made with subnet ${subnet}: ${reasonOf(refused)}`, {
      cause: refused,
      details: { subnet },
      publicMessage: 'The subnet of the session is occupied.',
    });
  }

  private async ensureVolumes(spec: SessionSpec, found: EngineObjects, signal: AbortSignal): Promise<void> {
    const present = new Set(found.volumes.map(({ name }) => name));
    const { available } = await this.quota.prove();
    const all = volumeOptions(spec, { instance: this.objects.instance, enforceSize: available });
    const missing = all.filter(({ Name }) => !present.has(Name));
    if (missing.length === 0) return;
    await allSettled(missing.map((options) => this.client.createVolume(options, signal)));
    // Creating a volume that somebody else has made meanwhile succeeds silently: only its labels tell.
    await this.verified(spec, signal);
  }

  private async ensureContainer(
    spec: SessionSpec,
    found: EngineObjects,
    network: EngineNetwork,
    signal: AbortSignal,
  ): Promise<EngineContainer> {
    const name = sessionObjectName(spec.sessionId);
    const isWorkbench = (container: EngineContainer): boolean => container.name === name;
    const existing = found.containers.find(isWorkbench);
    if (existing) return existing;
    const refused = await conflictOf(this.createWorkbench(spec, network, signal));
    const created = await this.appeared(spec, signal, refused, ({ containers }) => containers.find(isWorkbench));
    if (created) return created;
    throw new AppError('conflict', `container ${name} could not be made: ${reasonOf(refused)}`, {
      cause: refused,
      publicMessage: refused ? nameTakenMessage : 'The workbench of the session vanished at once.',
    });
  }

  private async createWorkbench(spec: SessionSpec, network: EngineNetwork, signal: AbortSignal): Promise<void> {
    const image = this.settings.workbenchImage;
    const name = sessionObjectName(spec.sessionId);
    const options = workbenchOptions(spec, { instance: this.objects.instance, image, networkId: network.id });
    try {
      await this.client.createContainer(name, options, signal);
    } catch (error) {
      if (!isMissingImage(error)) throw error;
      await this.client.pullImage(image, { signal });
      await this.client.createContainer(name, options, signal);
    }
  }

  private async ensureStarted(container: EngineContainer, signal: AbortSignal): Promise<void> {
    if (container.state !== 'running') await this.client.startContainer(container.id, signal);
  }

  /** What was made, by us or by whoever was faster: theirs may take a moment to show although the name is taken. */
  private async appeared<T>(
    spec: SessionSpec,
    signal: AbortSignal,
    refused: AppError | undefined,
    pick: (objects: EngineObjects) => T | undefined,
  ): Promise<T | undefined> {
    const deadline = performance.now() + (refused ? appearDeadlineMs : 0);
    for (;;) {
      const found = pick(await this.verified(spec, signal));
      if (found !== undefined || performance.now() > deadline) return found;
      await pause(appearIntervalMs);
    }
  }

  /** Looks again after a create: what bears our name now must be ours, whoever made it. */
  private async verified(spec: SessionSpec, signal: AbortSignal): Promise<EngineObjects> {
    const named = await this.objects.named(spec.sessionId, signal);
    return withoutObjects(named.owned, staleObjects(named, spec));
  }
}

function reasonOf(refused: AppError | undefined): string {
  return refused?.message ?? 'it vanished at once';
}

/** A create that meets a conflict lost a race or met something foreign: the look that follows tells which. */
async function conflictOf(create: Promise<unknown>): Promise<AppError | undefined> {
  try {
    await create;
    return undefined;
  } catch (error) {
    if (error instanceof AppError && error.kind === 'conflict') return error;
    throw error;
  }
}
