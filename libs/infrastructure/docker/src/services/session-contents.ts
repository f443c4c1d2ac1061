import { bringsServices, type BroughtSpec, type InitialServices, type SessionSpec } from '@nalabo/infrastructure-port';
import { allSettled } from '../session/all-settled.js';
import type { EngineObjects } from '../session/session-objects.js';
import type { StepRecord } from '../session/step-record.js';
import type { DockerServices } from './docker-services.js';
import { holdsParts } from './holds-parts.js';

/** What a session holds beside its workbench: brought by its workshop at first, restored from then on. */
export class SessionContents {
  constructor(
    private readonly services: DockerServices,
    private readonly initial: InitialServices,
  ) {}

  /** @param found What there was of the session before its workbench was started. */
  async ensure(spec: SessionSpec, found: FoundSession, record: StepRecord, signal: AbortSignal): Promise<void> {
    if (bringsServices(spec)) await this.bring(spec, record, signal);
    else if (spec.applied || holdsParts(found.objects)) await this.restore(spec, found.wasDown, record, signal);
  }

  /** What has to be pulled takes long, and who waits sees for what. */
  private async bring(spec: BroughtSpec, record: StepRecord, signal: AbortSignal): Promise<void> {
    const missing = await this.services.missingImages(spec.applied);
    await allSettled(
      missing.map((image) => record.step(`image ${image}`, () => this.services.pullImage(image, signal))),
    );
    await record.step('services', () => this.initial.bring(spec, signal));
  }

  /** A service that can never run is the learner's to mend, in a workbench that goes on. */
  private async restore(spec: SessionSpec, wasDown: boolean, record: StepRecord, signal: AbortSignal): Promise<void> {
    const work = { ref: spec, wanted: spec.applied, limits: spec.limits, signal };
    const failure = await record.attempt('services', () => this.services.restore(work, wasDown));
    if (failure && failure.kind !== 'unprocessable') throw failure;
  }
}

interface FoundSession {
  readonly objects: EngineObjects;
  /** Its workbench was at rest. */
  readonly wasDown: boolean;
}
