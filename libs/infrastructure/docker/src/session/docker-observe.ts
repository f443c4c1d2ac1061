import { toAppError } from '@nalabo/kernel';
import type {
  Observation,
  ObserveFacet,
  OwnedObject,
  Probe,
  SessionRef,
  UsageSample,
} from '@nalabo/infrastructure-port';
import type { DockerClient } from '../engine/docker.client.js';
import type { DockerUsage } from '../usage/docker-usage.js';
import { flatten, type SessionObjects } from './session-objects.js';
import { toObservation, toOwnedObject } from './to-observation.js';

/** Looks, and changes nothing. */
export class DockerObserve implements ObserveFacet {
  constructor(
    private readonly client: DockerClient,
    private readonly objects: SessionObjects,
    private readonly figures: DockerUsage,
  ) {}

  async observe(ref: SessionRef, signal: AbortSignal): Promise<Observation> {
    return toObservation(await this.objects.ofSession(ref.sessionId, signal));
  }

  async list(signal: AbortSignal): Promise<readonly OwnedObject[]> {
    return flatten(await this.objects.ofInstance(signal)).map(toOwnedObject);
  }

  usage(refs: readonly SessionRef[], signal: AbortSignal): Promise<readonly UsageSample[]> {
    return this.figures.sample(refs, signal);
  }

  async probe(signal: AbortSignal): Promise<Probe> {
    try {
      const { version } = await this.client.version(signal);
      return { reachable: true, reason: null, version };
    } catch (error) {
      return { reachable: false, reason: toAppError(error).publicMessage, version: null };
    }
  }
}
