import { setTimeout as pause } from 'node:timers/promises';
import {
  type ComposeService,
  furtherNetworks,
  type ImageBuild,
  onObject,
  ownNetwork,
  type ServicesWork,
} from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import { baseImageOf, startOrder } from '@nalabo/policy';
import { isMissingImage } from '../engine/errors.js';
import type { EngineContainer, EngineNetwork } from '../engine/engine-objects.js';
import type { EngineObjects } from '../session/session-objects.js';
import { DependencyWait } from './dependency-wait.js';
import type { ServiceEngine } from './docker-services.js';
import type { ResolvedImage } from './service-images.js';
import { networkLabel, serviceLabel, serviceName, volumeLabel } from './service-labels.js';
import { serviceNetworkOptions, serviceVolumeOptions } from './service-network-options.js';
import { networkIdOf, serviceOptions } from './service-options.js';
import type { ServiceSession } from './service-session.js';
import { isWell, toServiceState } from './service-state.js';
import { workbenchShare } from './workbench-share.js';

export interface BuildManner {
  /** Whether services are started again that have done all that they had to do. */
  readonly startsCompleted: boolean;
  /** How long services wait for others, all together, before they are started all the same; null to wait, or to fail. */
  readonly patienceMs: number | null;
}

/** How long a program takes at most to be found missing. */
const startMilliseconds = 300;
/** What the process that starts a program, and every shell, says of one that cannot be run or is not there. */
const failedStartCodes: readonly number[] = [126, 127];

const noRights = { capabilities: [], writablePaths: [] };
const workbenchAlias = 'workbench';

/** Makes and starts what is missing of a session's services. */
export class ServicesBuild {
  private readonly networks = new Map<string, string>();
  private readonly containers = new Map<string, EngineContainer>();
  private readonly started = new Map<string, string>();
  private readonly freshVolumes = new Set<string>();
  private readonly dependencies: DependencyWait;

  constructor(
    private readonly engine: ServiceEngine,
    private readonly session: ServiceSession,
    private readonly work: ServicesWork,
    private readonly manner: BuildManner,
  ) {
    const idOf = (name: string): string | undefined => this.containers.get(name)?.id;
    this.dependencies = new DependencyWait(engine.services, idOf, manner.patienceMs, work.signal);
  }

  async carryOut(objects: EngineObjects): Promise<void> {
    const { wanted, limits, signal } = this.work;
    const { workbench, network } = this.session;
    await this.engine.services.limitContainer(workbench.id, workbenchShare(limits, wanted), signal);
    this.networks.set(ownNetwork, network.id);
    for (const name of furtherNetworks(wanted)) {
      await onObject('network', name, () => this.ensureNetwork(name, objects.networks));
    }
    for (const name of wanted?.compose.volumes ?? []) {
      await onObject('volume', name, () => this.ensureVolume(name, objects));
    }
    const services = startOrder(wanted?.compose.services ?? []);
    for (const service of services) {
      await onObject('service', service.name, () => this.ensureService(service, objects.containers));
    }
    if (this.manner.patienceMs === null) await this.refuseFailedStarts();
  }

  /** The workbench is in each of them: that is why their names resolve in it. */
  private async ensureNetwork(name: string, found: readonly EngineNetwork[]): Promise<void> {
    const { services } = this.engine;
    const isIt = ({ labels }: EngineNetwork): boolean => labels[networkLabel] === name;
    const existing = found.find(isIt) ?? (await this.createNetwork(name, isIt));
    this.networks.set(name, existing.id);
    const { workbench } = this.session;
    await alreadyIsFine(services.connect(existing.id, workbench.id, [workbenchAlias], this.work.signal));
  }

  private async createNetwork(name: string, isIt: (network: EngineNetwork) => boolean): Promise<EngineNetwork> {
    const { client, objects } = this.engine;
    const { ref, signal } = this.work;
    const present = (await objects.ofSession(ref.sessionId, signal)).networks;
    await alreadyIsFine(client.createNetwork(serviceNetworkOptions(this.session, name, present), signal));
    const created = (await objects.ofSession(ref.sessionId, signal)).networks.find(isIt);
    if (created) return created;
    const publicMessage = 'A subnet of the session is occupied.';
    throw new AppError('conflict', `network ${name} could not be made`, { publicMessage });
  }

  private async ensureVolume(name: string, { volumes }: EngineObjects): Promise<void> {
    if (volumes.some(({ labels }) => labels[volumeLabel] === name)) return;
    await this.engine.client.createVolume(serviceVolumeOptions(this.session, name), this.work.signal);
    this.freshVolumes.add(name);
  }

  private async ensureService(service: ComposeService, found: readonly EngineContainer[]): Promise<void> {
    const existing = found.find(({ labels }) => labels[serviceLabel] === service.name);
    const container = existing ?? (await this.createService(service));
    this.containers.set(service.name, container);
    const state = toServiceState(container);
    if (state?.state === 'running') return;
    if (existing && state && isWell(state) && !this.manner.startsCompleted) return;
    await this.dependencies.until(service);
    await this.engine.client.startContainer(container.id, this.work.signal);
    this.started.set(service.name, container.id);
  }

  /** The engine starts a small process that starts the program: whether there is such a program shows a moment later. */
  private async refuseFailedStarts(): Promise<void> {
    if (this.started.size > 0) await pause(startMilliseconds);
    for (const [name, id] of this.started) {
      await onObject('service', name, async () => {
        const { isRunning, exitCode } = await this.engine.services.inspectProcess(id, this.work.signal);
        if (isRunning || !failedStartCodes.includes(exitCode)) return;
        const publicMessage = `Its program is not in the image, or cannot be run: it has ended with code ${exitCode}.`;
        throw new AppError('unprocessable', publicMessage, { publicMessage });
      });
    }
  }

  private async createService(service: ComposeService): Promise<EngineContainer> {
    const { client, images, objects } = this.engine;
    const { ref, signal } = this.work;
    const name = serviceName(ref.sessionId, service.name);
    const create = async (): Promise<void> => {
      const options = await this.optionsOf(service);
      await alreadyIsFine(client.createContainer(name, options, signal));
    };
    try {
      await create();
    } catch (error) {
      if (!isMissingImage(error)) throw error;
      images.forget(service.image);
      await create();
    }
    for (const { source } of service.mounts) if (source.kind === 'volume') this.freshVolumes.delete(source.name);
    const { containers } = await objects.ofSession(ref.sessionId, signal);
    const created = containers.find(({ labels }) => labels[serviceLabel] === service.name);
    if (!created) throw new AppError('conflict', `container ${name} could not be made`);
    for (const { name: network, aliases } of service.networks.slice(1)) {
      const names = [service.name, ...aliases];
      await alreadyIsFine(
        this.engine.services.connect(networkIdOf(network, { networks: this.networks }), created.id, names, signal),
      );
    }
    return created;
  }

  private async optionsOf(service: ComposeService) {
    const { wanted } = this.work;
    const { reference, volumes } = await this.imageOf(service, wanted?.build);
    // One that was built runs what is in the image that it begins with: it needs the same.
    const listed = wanted?.build ? baseImageOf(wanted.build.dockerfile) : service.image;
    return serviceOptions(service, {
      session: this.session,
      folders: wanted?.folders ?? {},
      image: reference,
      rights: this.engine.catalogue.get(listed ?? '') ?? noRights,
      imageVolumes: volumes,
      networks: this.networks,
      freshVolumes: this.freshVolumes,
    });
  }

  private imageOf(service: ComposeService, build: ImageBuild | undefined): Promise<ResolvedImage> {
    const { images, builds } = this.engine;
    const { signal } = this.work;
    return build ? builds.ensure(this.session, build, signal) : images.resolve(service.image, signal);
  }
}

/** Somebody else has just made the same: a look tells what is there. */
async function alreadyIsFine(change: Promise<unknown>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'conflict')) throw error;
  }
}
