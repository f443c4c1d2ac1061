import { systemClock, type Clock } from '@nalabo/kernel';
import type { Capabilities, Capability } from '@nalabo/contracts';
import { InitialServices } from '../services/initial-services.js';
import { ServicesApply } from '../services/services-apply.js';
import type { DescribeFacet, InfrastructureTarget } from '../facets.js';
import { MemoryBackend } from './memory-backend.js';
import { MemoryExec } from './memory-exec.js';
import { MemoryLifecycle } from './memory-lifecycle.js';
import { MemoryServices } from './memory-services.js';
import { MemoryObserve } from './memory-observe.js';

export interface MemoryTargetOptions {
  readonly name?: string;
  /** The installation whose objects these are. */
  readonly instance?: string;
  readonly backend?: MemoryBackend;
  readonly clock?: Clock;
}

/**
 * A complete target that keeps its objects in memory, for tests only: its commands are ordinary processes of this
 * machine in a temporary directory, with nothing between them and the machine.
 */
export class MemoryTarget implements InfrastructureTarget {
  readonly name: string;
  readonly backend: MemoryBackend;
  readonly describe: DescribeFacet;
  readonly lifecycle: MemoryLifecycle;
  readonly observe: MemoryObserve;
  readonly exec: MemoryExec;
  readonly apply: ServicesApply;

  constructor(options: MemoryTargetOptions = {}) {
    const { name = 'memory', instance = 'memory', backend = new MemoryBackend(), clock = systemClock } = options;
    this.name = name;
    this.backend = backend;
    this.describe = {
      kind: 'memory',
      capabilities: () => Promise.resolve(capabilities),
      preflight: (signal) => backend.faults.call('preflight', signal, () => backend.preflight),
    };
    const services = new MemoryServices(backend, instance);
    this.exec = new MemoryExec(backend, instance);
    const initial = new InitialServices(services, this.exec);
    this.lifecycle = new MemoryLifecycle(backend, instance, clock, services, initial);
    this.observe = new MemoryObserve(backend, instance);
    this.apply = new ServicesApply(services, this.exec);
  }
}

const available: Capability = { available: true, reason: null };
const unavailable = (reason: string): Capability => ({ available: false, reason });

const capabilities: Capabilities = {
  exec: available,
  usage: available,
  apply: available,
  terminal: available,
  builds: unavailable('there are no images'),
  storageQuota: unavailable('files are kept in an ordinary directory'),
  processLimit: unavailable('the processes are the machine’s own'),
  selfEnding: unavailable('nothing outlives the process of the tests'),
  kubeconfig: unavailable('memory sessions are not clusters'),
};
