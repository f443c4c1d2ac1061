import { once } from 'node:events';
import type { AppliedObject } from '@nalabo/contracts';
import {
  type ApplyFacet,
  type ApplyModel,
  type ApplyPlan,
  type ApplyRequest,
  type InfrastructureTarget,
  type ManifestObject,
  type ManifestScope,
  MemoryTarget,
  type SessionRef,
} from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';

/** An infrastructure that takes every object and remembers its content, so far as a test does not want otherwise. */
export class ApplyingTarget implements ApplyFacet {
  readonly takes = 'yaml';
  readonly held = new Map<string, string>();
  /** What a call waits for. */
  gate: Promise<void> = Promise.resolve();
  refusal: AppError | undefined;
  /** What the infrastructure finds besides what the file names. */
  others: readonly AppliedObject[] = [];
  private readonly memory = new MemoryTarget({ name: 'applying' });
  readonly target: InfrastructureTarget;

  constructor() {
    const { name, describe, lifecycle, observe, exec } = this.memory;
    this.target = { name, describe, lifecycle, observe, exec, apply: this };
  }

  manifestScope(): Promise<ManifestScope> {
    return Promise.resolve({ isolation: 'virtual' });
  }

  async plan(ref: SessionRef, request: ApplyRequest, signal: AbortSignal): Promise<ApplyPlan> {
    await Promise.race([this.gate, once(signal, 'abort')]);
    if (signal.aborted) throw new AppError('cancelled', 'the plan was cancelled');
    if (this.refusal) throw this.refusal;
    const changes = objectsOf(request.model).map(({ apiVersion, kind, name, namespace, content }): AppliedObject => {
      const before = this.held.get(`${ref.sessionId}/${name}`);
      const action = before === undefined ? 'created' : before === JSON.stringify(content) ? 'unchanged' : 'changed';
      return { apiVersion, kind, name, namespace, action, ...(action === 'changed' ? { diff: '-a\n+b\n' } : {}) };
    });
    return { ...request, ref, changes: [...changes, ...this.others], applied: null, filesBefore: new Map() };
  }

  apply({ ref, model, changes }: ApplyPlan): Promise<readonly AppliedObject[]> {
    for (const { name, content } of objectsOf(model))
      this.held.set(`${ref.sessionId}/${name}`, JSON.stringify(content));
    return Promise.resolve(changes);
  }

  logs(): Promise<never> {
    return Promise.reject(new AppError('unprocessable', 'there are no services'));
  }

  kubeconfig({ sessionId }: SessionRef): Promise<string> {
    return Promise.resolve(`kubeconfig of ${sessionId}`);
  }
}

function objectsOf(model: ApplyModel): readonly ManifestObject[] {
  return model.type === 'yaml' ? model.objects : [];
}
