import { AppError } from '@nalabo/kernel';
import type { DockerClient } from '../engine/docker.client.js';
import type { EngineImage } from '../engine/engine-objects.js';
import { isMissingImage } from '../engine/errors.js';
import type { PulledBytes } from '../engine/pull-progress.js';
import type { ServicesClient } from '../engine/services.client.js';
import { isTimeOver, untilAborted } from './until-aborted.js';

export interface ResolvedImage {
  /** By digest, or by id where the image was made on the engine itself. It never comes to mean something else. */
  readonly reference: string;
  readonly volumes: readonly string[];
  /** What it wants to be done in each build that begins with it. */
  readonly triggers: readonly string[];
}

interface Resolution {
  readonly image: Promise<ResolvedImage>;
  /** How far its pull has come; null while there is none. */
  pulled: PulledBytes | null;
}

/** The images of services on one engine. Whoever needs one while it is being pulled waits for the same pull. */
export class ServiceImages {
  private readonly resolved = new Map<string, Resolution>();

  constructor(
    private readonly client: DockerClient,
    private readonly services: ServicesClient,
  ) {}

  /**
   * Pulls it when the engine does not have it. A pull goes on when the caller gives up: others may wait for it.
   * @throws AppError `unprocessable` when there is no such image, `unavailable` when the registry cannot be reached or the
   * signal's own time is over, then with how far the pull has come.
   */
  async resolve(reference: string, signal: AbortSignal): Promise<ResolvedImage> {
    const resolution = this.resolved.get(reference) ?? this.begin(reference);
    return untilAborted(resolution.image, signal, () => givenUp(reference, resolution.pulled, signal));
  }

  /**
   * One that the engine has at this moment, to build upon: a builder would fetch what it lacks by itself, without a login.
   * @throws AppError as `resolve`.
   */
  async present(reference: string, signal: AbortSignal): Promise<ResolvedImage> {
    const image = await this.resolve(reference, signal);
    if (await this.find(image.reference)) return image;
    this.forget(reference);
    return this.resolve(reference, signal);
  }

  /** Those of them that would have to be pulled. */
  async missing(references: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(references.map((one) => this.find(one)));
    return references.filter((_, index) => !found[index]);
  }

  /** The engine has it no more. */
  forget(reference: string): void {
    this.resolved.delete(reference);
  }

  private begin(reference: string): Resolution {
    const image = this.pullIfMissing(reference, (bytes) => (resolution.pulled = bytes));
    const resolution: Resolution = { image, pulled: null };
    this.resolved.set(reference, resolution);
    // A failure is not kept: the next one to ask tries again.
    image.catch(() => this.forget(reference));
    return resolution;
  }

  private async pullIfMissing(reference: string, onProgress: (bytes: PulledBytes) => void): Promise<ResolvedImage> {
    const there = await this.find(reference);
    if (there) return toResolved(there);
    onProgress({ current: 0, total: 0 });
    await this.client.pullImage(reference, { onProgress });
    return toResolved(await this.services.inspectImage(reference));
  }

  private async find(reference: string): Promise<EngineImage | undefined> {
    try {
      return await this.services.inspectImage(reference);
    } catch (error) {
      if (isMissingImage(error)) return undefined;
      throw error;
    }
  }
}

function toResolved({ id, digests, volumes, triggers }: EngineImage): ResolvedImage {
  return { reference: digests[0] ?? id, volumes, triggers };
}

const megabyte = 1_000_000;

function givenUp(reference: string, pulled: PulledBytes | null, signal: AbortSignal): AppError {
  const message = `resolve image ${reference}: cancelled`;
  if (!pulled || !isTimeOver(signal)) return new AppError('cancelled', message, { cause: signal.reason });
  const [current, total] = [pulled.current, pulled.total].map((bytes) => Math.round(bytes / megabyte));
  return new AppError('unavailable', message, {
    publicMessage: `The image ${reference} is still being pulled, ${current} MB of ${total} MB so far. Try again.`,
    details: { retryAfterSeconds: 15 },
  });
}
