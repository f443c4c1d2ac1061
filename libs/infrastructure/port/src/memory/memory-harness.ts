import type { ConformanceHarness, ForeignObject, ForeignOwner } from '../conformance/harness.js';
import { specFactory } from '../conformance/spec-factory.js';
import type { InfrastructureTarget } from '../facets.js';
import { ownershipOf, prefixedLabels, sessionObjectName } from '../ownership.js';
import type { SessionSpec } from '../session-spec.js';
import type { MemoryBackend } from './memory-backend.js';
import { labelPrefix, type MemoryObject } from './memory-object.js';
import { MemoryTarget } from './memory-target.js';

/** Holds the memory target, or a target made from it, to the provider contract. */
export function memoryHarness(
  wrap: (target: MemoryTarget) => InfrastructureTarget = (target) => target,
): ConformanceHarness {
  const memory = new MemoryTarget({ instance: 'conformance' });
  const { backend } = memory;
  backend.looksUntilReady = 2;
  const newSpec = specFactory(0);
  const foreign = new Set<MemoryObject>();

  return {
    target: wrap(memory),
    newSpec,
    sessionsInParallel: 20,
    services: { image: 'any', command: ['/bin/sleep', 'infinity'] },
    deadlineMilliseconds: 20_000,
    killWorkbench: ({ sessionId }) => backend.killWorkbench(sessionId),
    leftovers: () => {
      const ours = backend.allObjects().filter((object) => !foreign.has(object));
      return Promise.resolve(ours.map(({ kind, name }) => ({ kind, name })));
    },
    makeForeignObject: (ref, owner) => {
      const object = foreignVolume(newSpec(ref), owner);
      foreign.add(object);
      return Promise.resolve(place(object, backend));
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

function foreignVolume(spec: SessionSpec, owner: ForeignOwner): MemoryObject {
  const labels = owner === 'nobody' ? {} : prefixedLabels(ownershipOf('other', spec), labelPrefix);
  return { kind: 'volume', name: sessionObjectName(spec.sessionId, 'workspace'), labels };
}

function place(object: MemoryObject, backend: MemoryBackend): ForeignObject {
  const { kind, name } = object;
  backend.addObject(object);
  return {
    kind,
    name,
    exists: () => Promise.resolve(backend.object(kind, name) === object),
    remove: () => Promise.resolve(backend.removeObject(object)),
  };
}
