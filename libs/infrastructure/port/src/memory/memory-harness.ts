import type { ConformanceHarness, ForeignObject, ForeignOwner } from '../conformance/harness.js';
import { specFactory } from '../conformance/spec-factory.js';
import type { InfrastructureTarget } from '../facets.js';
import { ownershipOf, prefixedLabels, sessionObjectName } from '../ownership.js';
import type { SessionRef } from '../reference.js';
import { labelPrefix, type MemoryObject } from './memory-object.js';
import { MemoryTarget } from './memory-target.js';

/** Holds the memory target, or a target made from it, to the provider contract. */
export function memoryHarness(
  wrap: (target: MemoryTarget) => InfrastructureTarget = (target) => target,
): ConformanceHarness {
  const memory = new MemoryTarget({ instance: 'conformance' });
  const { backend } = memory;
  const newSpec = specFactory(0);
  backend.looksUntilReady = 2;
  const foreign = new Set<MemoryObject>();

  return {
    target: wrap(memory),
    newSpec,
    sessionsInParallel: 20,
    deadlineMilliseconds: 20_000,
    killWorkbench: ({ sessionId }) => backend.killWorkbench(sessionId),
    leftovers: () =>
      Promise.resolve(
        backend
          .allObjects()
          .filter((object) => !foreign.has(object))
          .map(({ kind, name }) => ({ kind, name })),
      ),
    makeForeignObject: (ref: SessionRef, owner: ForeignOwner): Promise<ForeignObject> => {
      const labels = owner === 'nobody' ? {} : prefixedLabels(ownershipOf('other', newSpec(ref)), labelPrefix);
      const object: MemoryObject = { kind: 'volume', name: sessionObjectName(ref.sessionId, 'workspace'), labels };
      foreign.add(object);
      backend.addObject(object);
      return Promise.resolve({
        kind: object.kind,
        name: object.name,
        exists: () => Promise.resolve(backend.object(object.kind, object.name) === object),
        remove: () => Promise.resolve(backend.removeObject(object)),
      });
    },
    breakBackend: () => {
      backend.faults.unavailable = true;
      return Promise.resolve(() => {
        backend.faults.unavailable = false;
        return Promise.resolve();
      });
    },
    close: () => Promise.resolve(),
  };
}
