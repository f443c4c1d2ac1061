import { AppError } from '@nalabo/kernel';
import type { DockerClient } from '../engine/docker.client.js';
import type { EngineImage } from '../engine/engine-objects.js';
import { isMissingImage } from '../engine/errors.js';
import type { ServicesClient } from '../engine/services.client.js';

export interface ResolvedImage {
  /** By digest, or by id where the image was made on the engine itself. It never comes to mean something else. */
  readonly reference: string;
  readonly volumes: readonly string[];
}

/** The images of services on one engine. Whoever needs one while it is being pulled waits for the same pull. */
export class ServiceImages {
  private readonly resolved = new Map<string, Promise<ResolvedImage>>();

  constructor(
    private readonly client: DockerClient,
    private readonly services: ServicesClient,
  ) {}

  /**
   * Pulls it when the engine does not have it. A pull goes on when the caller gives up: others may wait for it.
   * @throws AppError `unprocessable` when there is no such image, `unavailable` when the registry cannot be reached.
   */
  async resolve(reference: string, signal: AbortSignal): Promise<ResolvedImage> {
    const known = this.resolved.get(reference);
    const image = known ?? this.pullIfMissing(reference);
    if (!known) {
      this.resolved.set(reference, image);
      // A failure is not kept: the next one to ask tries again.
      image.catch(() => this.forget(reference));
    }
    return untilAborted(image, signal, `resolve image ${reference}`);
  }

  /** The engine has it no more. */
  forget(reference: string): void {
    this.resolved.delete(reference);
  }

  private async pullIfMissing(reference: string): Promise<ResolvedImage> {
    try {
      return toResolved(await this.services.inspectImage(reference));
    } catch (error) {
      if (!isMissingImage(error)) throw error;
    }
    await this.client.pullImage(reference);
    return toResolved(await this.services.inspectImage(reference));
  }
}

function toResolved({ id, digests, volumes }: EngineImage): ResolvedImage {
  return { reference: digests[0] ?? id, volumes };
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal, operation: string): Promise<T> {
  const stop = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new AppError('cancelled', `${operation}: cancelled`, { cause: signal.reason }));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { signal: stop.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop.abort();
  }
}
