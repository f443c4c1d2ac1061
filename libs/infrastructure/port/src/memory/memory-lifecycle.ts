import { AppError, type Clock } from '@nalabo/kernel';
import type { ProgressStep, RemovedObject } from '@nalabo/contracts';
import type { LifecycleFacet } from '../facets.js';
import type { Observation } from '../observation.js';
import { isOwned, ownershipOf, prefixedLabels } from '../ownership.js';
import type { SessionRef } from '../reference.js';
import { bringsServices, type InitialServices } from '../services/initial-services.js';
import type { SessionSpec } from '../session-spec.js';
import type { MemoryBackend } from './memory-backend.js';
import type { EnsureStep } from './memory-faults.js';
import { look, ownedObjectsOf, withSteps } from './memory-look.js';
import { labelPrefix, objectsOf, type MemoryObject } from './memory-object.js';
import type { MemoryServices } from './memory-services.js';
import { MemoryWorkbench } from './memory-workbench.js';

export class MemoryLifecycle implements LifecycleFacet {
  constructor(
    private readonly backend: MemoryBackend,
    private readonly instance: string,
    private readonly clock: Clock,
    private readonly services: MemoryServices,
    private readonly initial: InitialServices,
  ) {}

  ensure(spec: SessionSpec, signal: AbortSignal): Promise<Observation> {
    return this.backend.faults.call(`ensure ${spec.sessionId}`, signal, () => this.build(spec, signal));
  }

  destroy(ref: SessionRef, signal: AbortSignal): Promise<readonly RemovedObject[]> {
    return this.backend.faults.call(`destroy ${ref.sessionId}`, signal, async () => {
      const owned = ownedObjectsOf(this.backend, this.instance, ref);
      if (owned.some(({ kind }) => kind === 'container')) await this.backend.removeWorkbench(ref.sessionId);
      // The container goes first, as on a real engine, where a network or a volume in use cannot be removed.
      return owned.toReversed().map(({ kind, name }) => {
        this.backend.removeObject({ kind, name });
        return { kind, name, at: this.clock.now().toISOString() };
      });
    });
  }

  private async build(spec: SessionSpec, signal: AbortSignal): Promise<Observation> {
    const steps = [
      await this.step('network', signal, () => this.ensureObjects(spec, 'network')),
      await this.step('volumes', signal, () => this.ensureObjects(spec, 'volume')),
      await this.step('create', signal, () => this.ensureWorkbench(spec)),
      await this.step('start', signal, () =>
        this.backend.workbench(spec.sessionId)?.start(this.backend.looksUntilReady),
      ),
    ];
    const brought = await this.ensureServices(spec, signal);
    await this.backend.faults.passStep('ready', signal);
    const observation = look(this.backend, this.instance, spec);
    const isReady = observation.presence === 'present' && observation.readiness === 'ready';
    return withSteps(observation, [
      ...steps,
      ...brought,
      { step: 'ready', status: isReady ? 'done' : 'running', durationMs: isReady ? 0 : null },
    ]);
  }

  private async ensureServices(spec: SessionSpec, signal: AbortSignal): Promise<readonly ProgressStep[]> {
    if (bringsServices(spec)) {
      const startedAt = this.clock.now().getTime();
      await this.initial.bring(spec, signal);
      return [{ step: 'services', status: 'done', durationMs: this.clock.now().getTime() - startedAt }];
    }
    const work = { ref: spec, wanted: spec.applied, limits: spec.limits, signal };
    await this.services.clear(work);
    await this.services.build(work);
    await this.services.sweep(work);
    return [];
  }

  private async step(step: EnsureStep, signal: AbortSignal, work: () => void): Promise<ProgressStep> {
    const startedAt = this.clock.now().getTime();
    await this.backend.faults.passStep(step, signal);
    work();
    return { step, status: 'done', durationMs: this.clock.now().getTime() - startedAt };
  }

  private ensureWorkbench(spec: SessionSpec): void {
    this.ensureObjects(spec, 'container');
    if (!this.backend.workbench(spec.sessionId)) {
      this.backend.addWorkbench(spec.sessionId, new MemoryWorkbench(spec));
    }
  }

  private ensureObjects(spec: SessionSpec, kind: MemoryObject['kind']): void {
    const labels = prefixedLabels(ownershipOf(this.instance, spec), labelPrefix);
    for (const wanted of objectsOf(spec).filter((object) => object.kind === kind)) {
      const found = this.backend.object(kind, wanted.name);
      if (!found) this.backend.addObject({ ...wanted, labels });
      else if (!isOwned(found.labels, labelPrefix, { instance: this.instance, sessionId: spec.sessionId })) {
        throw new AppError('conflict', `the ${kind} ${wanted.name} exists and is not ours`);
      }
    }
  }
}
