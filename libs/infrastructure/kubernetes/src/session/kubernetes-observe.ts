import type {
  Observation,
  ObserveFacet,
  OwnedObject,
  Probe,
  SessionRef,
  UsageSample,
} from '@nalabo/infrastructure-port';
import { toAppError } from '@nalabo/kernel';
import { refuseAborted } from '../cluster/errors.js';
import type { KubeClient } from '../cluster/kube.client.js';
import type { SessionCache } from './session-cache.js';
import type { SessionReader } from './session-reader.js';
import { toObservation, toOwnedObject, withoutNamespace } from './session-sight.js';

interface UsageSource {
  usage(refs: readonly SessionRef[], signal: AbortSignal): Promise<readonly UsageSample[]>;
}

/** Looks, and changes nothing. */
export class KubernetesObserve implements ObserveFacet {
  constructor(
    private readonly client: KubeClient,
    private readonly reader: SessionReader,
    private readonly cache: SessionCache,
    private readonly figures: UsageSource,
  ) {}

  async observe(ref: SessionRef, signal: AbortSignal): Promise<Observation> {
    refuseAborted(signal, `look at session ${ref.sessionId}`);
    const sight = this.cache.well(ref.sessionId) ?? (await this.reader.look(ref.sessionId, signal));
    return sight ? toObservation(sight) : withoutNamespace(await this.reader.volumesOf(ref.sessionId, signal));
  }

  async list(signal: AbortSignal): Promise<readonly OwnedObject[]> {
    return (await this.reader.all(signal)).map(toOwnedObject);
  }

  usage(refs: readonly SessionRef[], signal: AbortSignal): Promise<readonly UsageSample[]> {
    return this.figures.usage(refs, signal);
  }

  async probe(signal: AbortSignal): Promise<Probe> {
    try {
      const { gitVersion } = (await this.client.read('/version', signal)) as { gitVersion: string };
      return { reachable: true, reason: null, version: gitVersion };
    } catch (error) {
      return { reachable: false, reason: toAppError(error).publicMessage, version: null };
    }
  }
}
