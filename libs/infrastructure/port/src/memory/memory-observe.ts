import { AppError } from '@nalabo/kernel';
import type { ObserveFacet } from '../facets.js';
import type { Observation, OwnedObject, Probe, UsageSample } from '../observation.js';
import type { SessionRef } from '../reference.js';
import type { MemoryBackend } from './memory-backend.js';
import { look, ownedObjectsOf, toOwnedObject } from './memory-look.js';
import { serviceOf } from './memory-object.js';

export class MemoryObserve implements ObserveFacet {
  constructor(
    private readonly backend: MemoryBackend,
    private readonly instance: string,
  ) {}

  observe(ref: SessionRef, signal: AbortSignal): Promise<Observation> {
    return this.backend.faults.call(`observe ${ref.sessionId}`, signal, () => look(this.backend, this.instance, ref));
  }

  list(signal: AbortSignal): Promise<readonly OwnedObject[]> {
    return this.backend.faults.call('list', signal, () => {
      if (this.backend.faults.listFails) throw new AppError('unavailable', 'list: the memory backend refuses to list');
      return this.backend.allObjects().flatMap((object) => toOwnedObject(this.instance, object) ?? []);
    });
  }

  usage(refs: readonly SessionRef[], signal: AbortSignal): Promise<readonly UsageSample[]> {
    return this.backend.faults.call('usage', signal, () =>
      refs.flatMap((ref) => {
        const objects = ownedObjectsOf(this.backend, this.instance, ref);
        const services = objects.filter((object) => serviceOf(object) !== undefined);
        return objects.length === 0 ? [] : (this.backend.usageOf(ref.sessionId, services.length) ?? []);
      }),
    );
  }

  async probe(signal: AbortSignal): Promise<Probe> {
    if (this.backend.faults.unavailable) {
      return { reachable: false, reason: 'the memory backend is switched off', version: null };
    }
    return this.backend.faults.call('probe', signal, () => ({ reachable: true, reason: null, version: 'memory' }));
  }
}
