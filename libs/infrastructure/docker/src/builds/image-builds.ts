import { AppError, newId, systemClock } from '@nalabo/kernel';
import { buildDigest, type ImageBuild, sessionObjectName } from '@nalabo/infrastructure-port';
import { BuildsClient } from '../engine/builds.client.js';
import type { EngineImage } from '../engine/engine-objects.js';
import type { DockerClient } from '../engine/docker.client.js';
import { isMissingImage } from '../engine/errors.js';
import { ServicesClient } from '../engine/services.client.js';
import type { ResolvedImage, ServiceImages } from '../services/service-images.js';
import { buildLabel, identityOf, instanceLabels, labelPrefix, sessionLabels } from '../session/docker-labels.js';
import type { DockerRemoval } from '../session/docker-removal.js';
import { buildLimits } from './build-limits.js';
import { type BuildLeftover, BuildLeftovers } from './build-leftovers.js';
import { BuildProof, proofLabel } from './build-proof.js';
import { basesOf } from './build-text.js';
import { BuildTurns } from './build-turns.js';
import { type BuildOrder, ImageBuilder } from './image-builder.js';

export interface BuildSettings {
  readonly instance: string;
  readonly workbenchImage: string;
  /** The control group that limits the processes of builds; undefined where nothing is built. */
  readonly buildCgroupParent?: string | undefined;
}

export interface BuildingSession {
  readonly sessionId: string;
  /** By which everything of the session is known. */
  readonly labels: Readonly<Record<string, string>>;
}

const proofDeadlineMs = 30_000;
/** No try-out of the limit takes longer. */
const proofSeconds = 120;

/** The images that are built for sessions on one engine, one at a time. Each lives as long as its session runs it. */
export class ImageBuilds {
  private readonly client: BuildsClient;
  private readonly services: ServicesClient;
  private readonly builder: ImageBuilder | undefined;
  private readonly proof: BuildProof;
  private readonly turns = new BuildTurns();
  private readonly leftovers: BuildLeftovers;

  constructor(
    engine: DockerClient,
    private readonly images: ServiceImages,
    removal: DockerRemoval,
    private readonly settings: BuildSettings,
  ) {
    const { instance, workbenchImage: image, buildCgroupParent: cgroupParent } = settings;
    this.client = new BuildsClient(engine.calls);
    this.services = new ServicesClient(engine.calls);
    this.leftovers = new BuildLeftovers(engine, removal);
    this.builder = cgroupParent === undefined ? undefined : new ImageBuilder(this.client, { cgroupParent });
    const name = `${proofLabel}-${newId()}`;
    const labels = { ...instanceLabels(instance), [buildLabel]: name };
    this.proof = new BuildProof({ image, labels, tag: `nalabo-build-${name}` }, (order) => this.tryOut(order));
  }

  get isOn(): boolean {
    return this.builder !== undefined;
  }

  /** @throws AppError `unavailable` when the limits of builds do not hold. */
  prove(signal: AbortSignal): Promise<void> {
    return this.turns.take(signal, () => this.proof.prove());
  }

  /**
   * The image, built when it is not there yet.
   * @throws AppError `unprocessable` when the file cannot be built within the limits, or nothing is built here.
   */
  async ensure(session: BuildingSession, build: ImageBuild, signal: AbortSignal): Promise<ResolvedImage> {
    const there = await this.present(session, build);
    if (there) return there;
    return this.turns.take(
      signal,
      async () => (await this.present(session, build)) ?? this.make(session, build, signal),
    );
  }

  /** Removes what was built for a session and is not kept. */
  async sweep(sessionId: string, kept: ImageBuild | undefined): Promise<void> {
    const keptTag = kept && tagOf(sessionId, kept);
    const labels = sessionLabels(this.settings.instance, sessionId);
    await this.leftovers.remove({ labels, isLeft: ({ name }) => name !== keptTag });
  }

  /** Also one that whoever has built it did not live to measure. */
  private async present({ sessionId }: BuildingSession, build: ImageBuild): Promise<ResolvedImage | undefined> {
    const tag = tagOf(sessionId, build);
    const image = await this.find(tag);
    return image?.labels[`${labelPrefix}session`] === sessionId ? this.measured(tag, image) : undefined;
  }

  private async find(tag: string): Promise<EngineImage | undefined> {
    try {
      return await this.services.inspectImage(tag);
    } catch (error) {
      if (isMissingImage(error)) return undefined;
      throw error;
    }
  }

  private async measured(tag: string, { id, volumes, triggers, bytes }: EngineImage): Promise<ResolvedImage> {
    if (bytes <= buildLimits.imageBytes) return { reference: id, volumes, triggers };
    await this.client.removeImage(tag);
    const [size, most] = [bytes, buildLimits.imageBytes].map((one) => Math.ceil(one / 2 ** 20));
    throw refused(`The image is too large: it has ${size} MiB, and may have ${most} MiB with what it begins with.`);
  }

  private async make(session: BuildingSession, build: ImageBuild, signal: AbortSignal): Promise<ResolvedImage> {
    const builder = this.requireBuilder();
    await this.proof.prove();
    const { sessionId } = session;
    const [tag, digest] = [tagOf(sessionId, build), buildDigest(build)];
    const labels = { ...session.labels, [buildLabel]: digest };
    const bases = await this.basesFor(build, signal);
    // Of this build alone: another process may have the session by now, and be building something else for it.
    await this.leftovers.removeAfter(builder.build({ tag, labels, build, digest, bases }, signal), {
      labels: { ...sessionLabels(this.settings.instance, sessionId), [buildLabel]: digest },
      isLeft: ({ isTagged }) => !isTagged,
    });
    return this.measured(tag, await this.services.inspectImage(tag));
  }

  private async basesFor({ dockerfile }: ImageBuild, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const bases = new Map<string, string>();
    for (const name of basesOf(dockerfile)) {
      const { reference, triggers } = await this.images.present(name, signal);
      if (triggers.length > 0) throw refused(`The image ${name} cannot be built upon: it brings steps of its own.`);
      bases.set(name, reference);
    }
    return bases;
  }

  /** Other processes try it out too, and what one of them did not live to remove goes when its time is over. */
  private async tryOut(order: BuildOrder): Promise<void> {
    const builder = this.requireBuilder();
    const startedAt = Math.floor(systemClock.now().getTime() / 1000);
    const labels = { ...order.labels, [`${labelPrefix}ends-by`]: String(startedAt + proofSeconds) };
    const isLeft = ({ labels: found }: BuildLeftover): boolean =>
      found[buildLabel] === order.labels[buildLabel] ||
      (found[buildLabel]?.startsWith(proofLabel) === true && (identityOf(found).endsByEpochSeconds ?? 0) < startedAt);
    const build = builder.build({ ...order, labels }, AbortSignal.timeout(proofDeadlineMs));
    await this.leftovers.removeAfter(build, { labels: instanceLabels(this.settings.instance), isLeft });
  }

  private requireBuilder(): ImageBuilder {
    if (!this.builder) throw refused('Images are not built here.');
    return this.builder;
  }
}

function tagOf(sessionId: string, build: ImageBuild): string {
  return `${sessionObjectName(sessionId)}:${buildDigest(build).slice(0, 32)}`;
}

function refused(publicMessage: string): AppError {
  return new AppError('unprocessable', publicMessage, { publicMessage });
}
