import {
  type AppliedModel,
  furtherNetworks,
  type HeldServices,
  type LogRequest,
  onObject,
  serviceDigest,
  type ServiceHost,
  type ServicesWork,
  type SessionRef,
} from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import type { DockerClient } from '../engine/docker.client.js';
import type { EngineContainer, EngineNetwork } from '../engine/engine-objects.js';
import type { ServicesClient } from '../engine/services.client.js';
import type { ImageBuilds } from '../builds/image-builds.js';
import { buildLabel } from '../session/docker-labels.js';
import { allSettled } from '../session/all-settled.js';
import type { EngineObjects, SessionObjects } from '../session/session-objects.js';
import { type BuildManner, ServicesBuild } from './services-build.js';
import { serviceLogs } from './service-logs.js';
import { digestLabel, networkLabel, serviceLabel, volumeLabel } from './service-labels.js';
import type { ServiceImages } from './service-images.js';
import type { ImageCatalogue } from './image-catalogue.js';
import { serviceSessionOf } from './service-session.js';
import { isWell, toServiceState } from './service-state.js';

export interface ServiceEngine {
  readonly client: DockerClient;
  readonly services: ServicesClient;
  readonly objects: SessionObjects;
  readonly images: ServiceImages;
  readonly catalogue: ImageCatalogue;
  readonly builds: ImageBuilds;
}

const applying: BuildManner = { startsCompleted: false, patienceMs: null };
const restorePatienceMs = 10_000;

/** Services as containers beside a workbench. */
export class DockerServices implements ServiceHost {
  constructor(private readonly engine: ServiceEngine) {}

  async held(ref: SessionRef, signal: AbortSignal): Promise<HeldServices> {
    const objects = await this.engine.objects.ofSession(ref.sessionId, signal);
    serviceSessionOf(ref, objects);
    const services = objects.containers.flatMap((container) => {
      const state = toServiceState(container);
      if (!state) return [];
      return [[state.name, { digest: container.labels[digestLabel] ?? '', isWell: isWell(state) }] as const];
    });
    return {
      services: new Map(services),
      networks: objects.networks.flatMap(({ labels }) => labels[networkLabel] ?? []),
      volumes: objects.volumes.flatMap(({ labels }) => labels[volumeLabel] ?? []),
    };
  }

  async prepare({ ref, wanted, signal }: ServicesWork): Promise<void> {
    if (wanted?.build) {
      const session = serviceSessionOf(ref, await this.engine.objects.ofSession(ref.sessionId, signal));
      await this.engine.builds.ensure(session, wanted.build, signal);
      return;
    }
    await allSettled(imagesOf(wanted).map((reference) => this.engine.images.resolve(reference, signal)));
  }

  /** The images that would have to be pulled first. */
  missingImages(wanted: AppliedModel | null): Promise<readonly string[]> {
    return wanted?.build ? Promise.resolve([]) : this.engine.images.missing(imagesOf(wanted));
  }

  /** @throws AppError as `ServiceImages.resolve` does. */
  async pullImage(reference: string, signal: AbortSignal): Promise<void> {
    await this.engine.images.resolve(reference, signal);
  }

  async clear({ ref, wanted, signal }: ServicesWork): Promise<void> {
    const objects = await this.engine.objects.ofSession(ref.sessionId, signal);
    const leaving = objects.containers.filter(
      (one) => one.labels[serviceLabel] !== undefined && !isWanted(one, wanted, objects),
    );
    await allSettled(leaving.map((container) => this.end(container, signal)));
    const networks = furtherNetworks(wanted);
    for (const network of objects.networks) {
      const name = network.labels[networkLabel];
      if (name !== undefined && !networks.includes(name)) await this.dissolve(network, name, objects, signal);
    }
  }

  build(work: ServicesWork): Promise<void> {
    return this.buildIn(applying, work);
  }

  async sweep({ ref, wanted, signal }: ServicesWork): Promise<void> {
    const { volumes } = await this.engine.objects.ofSession(ref.sessionId, signal);
    const kept = wanted?.compose.volumes ?? [];
    for (const { name, labels } of volumes) {
      const volume = labels[volumeLabel];
      if (volume === undefined || kept.includes(volume)) continue;
      await onObject('volume', volume, () => absentIsFine(this.engine.client.removeVolume(name, signal)));
    }
    if (this.engine.builds.isOn) await this.engine.builds.sweep(ref.sessionId, wanted?.build);
  }

  /**
   * Makes a session hold what it should, after its workbench was started.
   * @param wasDown The workbench was found at rest: so were its services, which had not ended by themselves.
   */
  async restore(work: ServicesWork, wasDown: boolean): Promise<void> {
    await this.clear(work);
    await this.buildIn({ startsCompleted: wasDown, patienceMs: restorePatienceMs }, work);
    await this.sweep(work);
  }

  async logs(ref: SessionRef, request: LogRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const { containers } = await this.engine.objects.ofSession(ref.sessionId, signal);
    const container = containers.find(({ labels }) => labels[serviceLabel] === request.service);
    if (!container) {
      const publicMessage = `The session has no service ${request.service}.`;
      throw new AppError('not_found', publicMessage, { publicMessage });
    }
    return serviceLogs(await this.engine.services.logs(container.id, request, signal), signal);
  }

  private async buildIn(manner: BuildManner, work: ServicesWork): Promise<void> {
    const objects = await this.engine.objects.ofSession(work.ref.sessionId, work.signal);
    await new ServicesBuild(this.engine, serviceSessionOf(work.ref, objects), work, manner).carryOut(objects);
  }

  private end(container: EngineContainer, signal: AbortSignal): Promise<void> {
    const { client, services } = this.engine;
    return onObject('service', container.labels[serviceLabel] ?? '', async () => {
      if (container.state === 'running') await absentIsFine(services.stopContainer(container.id, signal));
      await absentIsFine(client.removeContainer(container.id, signal));
    });
  }

  private dissolve(
    network: EngineNetwork,
    name: string,
    { containers }: EngineObjects,
    signal: AbortSignal,
  ): Promise<void> {
    const { client, services } = this.engine;
    const workbench = containers.find(
      ({ labels }) => labels[serviceLabel] === undefined && labels[buildLabel] === undefined,
    );
    return onObject('network', name, async () => {
      if (workbench) await absentIsFine(services.disconnect(network.id, workbench.id, signal));
      await absentIsFine(client.removeNetwork(network.id, signal));
    });
  }
}

function imagesOf(wanted: AppliedModel | null): readonly string[] {
  return [...new Set(wanted?.compose.services.map(({ image }) => image))];
}

/** Whether a container is that of a wanted service, as that is wanted, and can run. */
function isWanted(
  { labels, networkMode, state }: EngineContainer,
  wanted: AppliedModel | null,
  { networks }: EngineObjects,
) {
  const service = wanted?.compose.services.find(({ name }) => name === labels[serviceLabel]);
  if (!service || !wanted || state === 'dead' || state === 'removing') return false;
  return (
    labels[digestLabel] === serviceDigest(service, wanted.folders) && networks.some(({ id }) => id === networkMode)
  );
}

async function absentIsFine(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'not_found')) throw error;
  }
}
